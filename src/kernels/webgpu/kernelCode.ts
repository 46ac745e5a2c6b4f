/**
 * WGSL of the kernel network and its masks (METHOD §2): a workgroup takes a tap, its invocations the filters first, then the
 * channels.
 */
import type { Program } from './program.ts';

export const WORKGROUP = 64;

/** Places in the kernel network's weights, from its first entry on, in the order of their layout. */
export function placesOf(d: number, hidden: number, filters: number) {
  const columns = filters * hidden;
  const phase = d * columns;
  const steepness = phase + columns;
  const centre = steepness + d * columns;
  const mixing = centre + d * columns;
  const mixingBias = mixing + (filters - 1) * hidden * hidden;
  return { columns, phase, steepness, centre, mixing, mixingBias, end: mixingBias + (filters - 1) * hidden };
}

/** WGSL that both programs share: the tap's coordinates, its filters in `gabor`, and what they are mixed to. */
function shared(d: number, hidden: number, filters: number): string {
  const { columns, phase, steepness, centre, mixing, mixingBias } = placesOf(d, hidden, filters);
  const weight = (place: string): string => `weights[uniforms.generator + ${place}]`;
  const axes = Array.from({ length: d }, (_, axis) => axis);
  return `
    var<workgroup> gabor : array<f32, ${columns}>;
    var<workgroup> mixed : array<f32, ${columns}>;
    var<workgroup> h : array<f32, ${columns}>;
    var<private> angle : f32;
    var<private> envelope : f32;
    var<private> distances : vec2<f32>;

    /** The slower axis first; of a sequence, y is the only one. */
    fn coordinates(tap : i32) -> vec2<f32> {
      let place = vec2<f32>(f32(tap / uniforms.across), f32(tap % uniforms.across));
      ${d === 1 ? 'return vec2<f32>((place.y - uniforms.middleX) / uniforms.reachX, 0.0);' : 'return (place - vec2<f32>(uniforms.middleY, uniforms.middleX)) / vec2<f32>(uniforms.reachY, uniforms.reachX);'}
    }

    fn windowAt(tap : i32) -> f32 {
      ${d === 1 ? '' : 'let y = masks[uniforms.maskY + tap / uniforms.across];'}
      return masks[uniforms.maskX + tap % uniforms.across] * uniforms.amplitude${d === 1 ? '' : ' * y'};
    }

    fn filterAt(lane : i32, x : vec2<f32>) {
      if (lane < ${columns}) {
        angle = ${weight(`${phase} + lane`)};
        var exponent = 0.0;
        ${axes
          .map(
            (axis) => `
        angle += x[${axis}] * ${weight(`${axis * columns} + lane`)};
        distances[${axis}] = x[${axis}] * ${weight(`${steepness + axis * columns} + lane`)} - ${weight(`${centre + axis * columns} + lane`)};
        exponent += distances[${axis}] * distances[${axis}];`,
          )
          .join('')}
        envelope = exp(-0.5 * exponent);
        gabor[lane] = envelope * sin(angle);
      }
      workgroupBarrier();
      if (lane < ${hidden}) { h[lane] = gabor[lane]; }
      for (var l = 1; l < ${filters}; l++) {
        workgroupBarrier();
        if (lane < ${hidden}) {
          var sum = ${weight(`${mixingBias} + (l - 1) * ${hidden} + lane`)};
          for (var j = 0; j < ${hidden}; j++) {
            sum += h[(l - 1) * ${hidden} + j] * ${weight(`${mixing} + ((l - 1) * ${hidden} + j) * ${hidden} + lane`)};
          }
          mixed[l * ${hidden} + lane] = sum;
          h[l * ${hidden} + lane] = gabor[l * ${hidden} + lane] * sum;
        }
      }
      workgroupBarrier();
    }
  `;
}

export function forwardOf(d: number, hidden: number, filters: number): Program {
  const last = (filters - 1) * hidden;
  return {
    name: `kernel network ${d} ${hidden} ${filters}`,
    inputs: ['weights', 'masks'],
    workgroup: WORKGROUP,
    code: `
      ${shared(d, hidden, filters)}
      fn main(index : i32) {
        let lane = index % ${WORKGROUP};
        let tap = index / ${WORKGROUP};
        filterAt(lane, coordinates(tap));
        if (tap >= uniforms.taps) { return; }
        let window = windowAt(tap);
        for (var channel = lane; channel < uniforms.channels; channel += ${WORKGROUP}) {
          var sum = weights[uniforms.outputBias + channel];
          for (var j = 0; j < ${hidden}; j++) {
            sum += h[${last} + j] * weights[uniforms.output + j * uniforms.stride + channel];
          }
          result[tap * uniforms.channels + channel] = sum * window;
        }
      }
    `,
  };
}

/** What a tap leaves: the last h times the window, the window, and Σ dy·ψ. */
export const recordOf = (hidden: number): number => hidden + 2;

/**
 * Each workgroup goes over some taps and leaves the sums of their gradients in all weights before the output; and of every
 * tap a record that the output's gradient and the masks' follow from.
 */
export function backwardOf(d: number, hidden: number, filters: number): Program {
  const { columns, phase, steepness, centre, mixing, mixingBias, end } = placesOf(d, hidden, filters);
  const last = (filters - 1) * hidden;
  // Products of dy with the output's rows and its bias, shared by as many invocations as there are.
  const dots = hidden + 1;
  const parts = Math.floor(WORKGROUP / dots);
  const axes = Array.from({ length: d }, (_, axis) => axis);
  const weight = (place: string): string => `weights[uniforms.generator + ${place}]`;
  return {
    name: `kernel network gradient ${d} ${hidden} ${filters}`,
    inputs: ['dy', 'weights', 'masks'],
    workgroup: WORKGROUP,
    code: `
      ${shared(d, hidden, filters)}
      var<workgroup> sums : array<f32, ${end}>;
      var<workgroup> pieces : array<f32, ${dots * parts}>;
      var<workgroup> dots : array<f32, ${dots}>;
      var<workgroup> dh : array<f32, ${hidden}>;
      var<workgroup> dMixed : array<f32, ${hidden}>;
      var<workgroup> dGabor : array<f32, ${columns}>;

      fn main(index : i32) {
        let lane = index % ${WORKGROUP};
        let group = index / ${WORKGROUP};
        for (var p = lane; p < ${end}; p += ${WORKGROUP}) { sums[p] = 0.0; }
        for (var turn = 0; turn < uniforms.turns; turn++) {
          // The last turn may have no tap left: it then counts for nothing, but keeps step.
          let real = group + turn * uniforms.groups < uniforms.taps;
          let tap = min(group + turn * uniforms.groups, uniforms.taps - 1);
          let x = coordinates(tap);
          workgroupBarrier();
          filterAt(lane, x);
          let window = select(0.0, windowAt(tap), real);
          if (lane < ${dots * parts}) {
            let j = lane % ${dots};
            let row = select(uniforms.output + j * uniforms.stride, uniforms.outputBias, j == ${hidden});
            var sum = 0.0;
            for (var channel = lane / ${dots}; channel < uniforms.channels; channel += ${parts}) {
              sum += dy[tap * uniforms.channels + channel] * weights[row + channel];
            }
            pieces[lane] = sum;
          }
          workgroupBarrier();
          if (lane < ${dots}) {
            var sum = 0.0;
            for (var part = 0; part < ${parts}; part++) { sum += pieces[part * ${dots} + lane]; }
            dots[lane] = sum;
            if (lane < ${hidden}) { dh[lane] = sum * window; }
          }
          workgroupBarrier();
          if (real) {
            let record = uniforms.records + tap * ${recordOf(hidden)};
            if (lane < ${hidden}) { result[record + lane] = h[${last} + lane] * window; }
            if (lane == ${hidden}) { result[record + ${hidden}] = window; }
            if (lane == ${hidden + 1}) {
              var sum = dots[${hidden}];
              for (var j = 0; j < ${hidden}; j++) { sum += h[${last} + j] * dots[j]; }
              result[record + ${hidden + 1}] = sum;
            }
          }
          for (var l = ${filters - 1}; l > 0; l--) {
            if (lane < ${hidden}) {
              dGabor[l * ${hidden} + lane] = dh[lane] * mixed[l * ${hidden} + lane];
              dMixed[lane] = dh[lane] * gabor[l * ${hidden} + lane];
              sums[${mixingBias} + (l - 1) * ${hidden} + lane] += dMixed[lane];
            }
            workgroupBarrier();
            if (lane < ${hidden}) {
              var sum = 0.0;
              for (var i = 0; i < ${hidden}; i++) {
                sum += dMixed[i] * ${weight(`${mixing} + ((l - 1) * ${hidden} + lane) * ${hidden} + i`)};
              }
              dh[lane] = sum;
            }
            for (var p = lane; p < ${hidden * hidden}; p += ${WORKGROUP}) {
              sums[${mixing} + (l - 1) * ${hidden * hidden} + p] += h[(l - 1) * ${hidden} + p / ${hidden}] * dMixed[p % ${hidden}];
            }
            workgroupBarrier();
          }
          if (lane < ${hidden}) { dGabor[lane] = dh[lane]; }
          workgroupBarrier();
          if (lane < ${columns}) {
            let dAngle = dGabor[lane] * envelope * cos(angle);
            let dExponent = dGabor[lane] * gabor[lane];
            sums[${phase} + lane] += dAngle;
            ${axes
              .map(
                (axis) => `
            sums[${axis * columns} + lane] += dAngle * x[${axis}];
            sums[${steepness + axis * columns} + lane] -= dExponent * distances[${axis}] * x[${axis}];
            sums[${centre + axis * columns} + lane] += dExponent * distances[${axis}];`,
              )
              .join('')}
          }
        }
        workgroupBarrier();
        for (var p = lane; p < ${end}; p += ${WORKGROUP}) { result[group * ${end} + p] = sums[p]; }
      }
    `,
  };
}

/** The sums over the workgroups to the weights, and over rows and columns of taps to the masks. */
export function addOf(d: number, hidden: number, filters: number): Program {
  const { end } = placesOf(d, hidden, filters);
  const record = recordOf(hidden);
  return {
    name: `add kernel network gradient ${d} ${hidden} ${filters}`,
    inputs: ['found', 'masks'],
    workgroup: WORKGROUP,
    code: `
      fn dotAt(tap : i32) -> f32 { return found[uniforms.records + tap * ${record} + ${record - 1}] * uniforms.amplitude; }

      fn main(index : i32) {
        var sum = 0.0;
        if (index < ${end}) {
          for (var group = 0; group < uniforms.groups; group++) { sum += found[group * ${end} + index]; }
          result[uniforms.generatorInto + index] += sum;
          return;
        }
        let column = index - ${end};
        let down = uniforms.taps / uniforms.across;
        if (column < uniforms.across) {
          for (var row = 0; row < down; row++) {
            let dot = dotAt(row * uniforms.across + column);
            sum += ${d === 1 ? 'dot' : 'dot * masks[uniforms.maskY + row]'};
          }
          result[uniforms.maskXInto + column] += sum;
          return;
        }
        let row = column - uniforms.across;
        if (${d} == 2 && row < down) {
          for (var at = 0; at < uniforms.across; at++) {
            sum += dotAt(row * uniforms.across + at) * masks[uniforms.maskX + at];
          }
          result[uniforms.maskYInto + row] += sum;
        }
      }
    `,
  };
}
