// The kernels for any processor: 16-byte vectors, which every 64-bit one has.
#define CAVIAR_TARGET
#define CAVIAR_VECTOR_BYTES 16
#define CAVIAR_TILE_ROWS 4
#define CAVIAR_KERNELS portable
#include "caviar/nn/kernels_body.inc"
