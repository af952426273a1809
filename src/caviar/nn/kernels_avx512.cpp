// The kernels for x86-64 with AVX-512: a tile of 12 × 2 vectors fills 24 of the 32 registers.
#if defined(__x86_64__)
#define CAVIAR_TARGET __attribute__((target("avx512f,avx2,fma,prfchw")))
#define CAVIAR_VECTOR_BYTES 64
#define CAVIAR_TILE_ROWS 12
#define CAVIAR_KERNELS avx512
#include "caviar/nn/kernels_body.inc"
#endif
