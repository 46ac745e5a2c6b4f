/** AdamW of all weights at once, `[weights, first, second]` in place, with the gradient clipped by its norm. */
export function adamW(
  state: usize,
  gradient: usize,
  decay: usize,
  size: i32,
  learningRate: f32,
  beta1: f32,
  beta2: f32,
  firstScale: f32,
  secondScale: f32,
  epsilon: f32,
  clip: f32,
): void {
  const bytes = size << 2;
  let squares: f64 = 1e-12;
  for (let at = 0; at < bytes; at += 4) {
    const g = <f64>load<f32>(gradient + at);
    squares += g * g;
  }
  const factor = min<f32>(1, clip / <f32>sqrt<f64>(squares));
  const rates = f32x4.splat(learningRate);
  for (let at = 0; at < bytes; at += 16) {
    const rest = (bytes - at) >> 2;
    const g = f32x4.mul(loadPart(gradient + at, rest), f32x4.splat(factor));
    const own = state + at;
    const weight = loadPart(own, rest);
    const first = multiplyAdd(loadPart(own + bytes, rest), f32x4.splat(beta1), f32x4.mul(g, f32x4.splat(1 - beta1)));
    const second = multiplyAdd(
      loadPart(own + 2 * bytes, rest),
      f32x4.splat(beta2),
      f32x4.mul(f32x4.mul(g, g), f32x4.splat(1 - beta2)),
    );
    const scale = f32x4.add(f32x4.sqrt(f32x4.mul(second, f32x4.splat(secondScale))), f32x4.splat(epsilon));
    const step = f32x4.div(f32x4.mul(first, f32x4.splat(firstScale)), scale);
    const change = multiplyAdd(loadPart(decay + at, rest), weight, step);
    storePart(own, f32x4.sub(weight, f32x4.mul(rates, change)), rest);
    storePart(own + bytes, first, rest);
    storePart(own + 2 * bytes, second, rest);
  }
}
