#!/bin/sh
# Gradient descent with momentum down a narrow valley: how near does it come in 60 steps?
exec awk -v rate="$1" -v momentum="$2" 'BEGIN {
  x = -1; y = 1; step_x = step_y = 0
  for (epoch = 1; epoch <= 60; ++epoch) {
    step_x = momentum * step_x - rate * x
    step_y = momentum * step_y - rate * 10 * y
    x += step_x; y += step_y
    if (epoch % 10 == 0) print "epoch=" epoch " loss=" (x * x + 10 * y * y) / 2
  }
}'
