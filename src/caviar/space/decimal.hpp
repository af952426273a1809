// Rounding to decimal grids, to the bit: the result is the double nearest to the decimal number.
#pragma once

namespace caviar {

// x rounded to a multiple of 10^-places; places may be negative. |x| · 10^places must stay below
// 2^52.
double round_to_places(double x, int places);

// floor(log10 |x|), for x neither 0 nor infinite.
int decimal_exponent(double x);

// 10^exponent, exact; 0 … 22.
double power_of_ten(int exponent);

}  // namespace caviar
