// Bundles the page into dist/: node build.mjs
import { build } from "esbuild";

const notice = `/*! The page of a caviar report. MIT licence, the caviar authors. Contains
Preact and @preact/signals (MIT licence, (c) 2015-present Jason Miller, (c) 2022-present Preact Team),
d3-array, d3-contour and internmap (ISC licence, (c) 2010-2026 Mike Bostock);
their full texts: web/NOTICE of the caviar sources. */`;

await build({
  entryPoints: ["src/main.tsx"],
  outfile: "dist/page.js",
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2020",
  charset: "utf8",
  legalComments: "none",
  banner: { js: notice },
  logLevel: "info",
});
