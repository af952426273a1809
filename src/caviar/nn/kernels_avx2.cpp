// The kernels for x86-64 with AVX2 and FMA: a tile of 6 × 2 vectors fills 12 of the 16 registers.
#if defined(__x86_64__)
#define CAVIAR_TARGET __attribute__((target("avx2,fma,prfchw")))
#define CAVIAR_VECTOR_BYTES 32
#define CAVIAR_TILE_ROWS 6
#define CAVIAR_KERNELS avx2
#include "caviar/nn/kernels_body.inc"
#endif
