// The bundler takes style sheets by import and writes them beside the script.
declare module "*.css";
