/** The network in numbers: what the picture draws, as a table. */
import type { Architecture, ArchitectureBlock } from '../architecture/architecture.ts';
import { receptiveField } from '../architecture/receptiveField.ts';
import { useFocus } from './focus.ts';
import { formatMacs, formatPercent, formatRatio, formatSizes } from './format.ts';

interface Props {
  readonly architecture: Architecture;
}

const COLUMNS = [
  ['block', ''],
  ['run', 'Whether the block is run: its gate is above 0.10.'],
  ['grid', 'Points that the block works on, an axis.'],
  ['÷ input', 'The input’s grid divided by the block’s.'],
  ['kernel', 'Taps of the block’s grid, an axis.'],
  ['σ', 'Width of the kernel’s Gaussian mask, where 1 is half the input’s extent.'],
  ['channels', 'Channels on the stream after the block, of the most there could be.'],
  ['inside', 'Channels inside the block, of the most there could be.'],
  ['gate', 'Value of the depth mask.'],
  ['sees', 'Receptive field of the network up to here, in points of the input.'],
  ['MAC', 'Multiply–accumulates a sample.'],
  ['share', 'Of the network’s multiply–accumulates.'],
] as const;

export function NetworkTable({ architecture }: Props) {
  const { blocks, macs } = architecture;
  const fields = receptiveField(architecture);
  const ends = macs - blocks.reduce((sum, block) => sum + block.macs, 0);
  return (
    // It scrolls where the page is narrow, so the keyboard must be able to come here.
    <div className="network-table" role="region" aria-label="Table of the network" tabIndex={0}>
      <table data-testid="network-table">
        <caption>
          The network that is run now; a block that is not run shows what it would be. MAC are multiply–accumulates a
          sample.
        </caption>
        <thead>
          <tr>
            {COLUMNS.map(([name, help]) => (
              <th key={name} scope="col" title={help}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {blocks.map((block, i) => (
            <Row key={i} index={i} block={block} sees={fields[i] ?? []} {...architecture} />
          ))}
          <tr data-row="ends">
            <th scope="row" colSpan={COLUMNS.length - 2}>
              lift and head
            </th>
            <Cost macs={ends} of={macs} />
          </tr>
        </tbody>
        <tfoot>
          <tr data-row="total">
            <th scope="row" colSpan={COLUMNS.length - 2}>
              all
            </th>
            <Cost macs={macs} of={macs} />
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

interface RowProps extends Pick<Architecture, 'full' | 'macs'> {
  readonly index: number;
  readonly block: ArchitectureBlock;
  readonly sees: readonly number[];
}

function Row({ index, block, sees, full, macs }: RowProps) {
  const focus = useFocus();
  const { kept, grid, stride, kernel, sigma, width, gate } = block;
  const chosen = focus.chosen === index;
  const states = [kept ? '' : 'gone', focus.block === index ? 'lit' : '', chosen ? 'chosen' : ''];
  return (
    <tr
      className={states.join(' ')}
      data-block={index}
      onPointerEnter={() => focus.point(index)}
      onPointerLeave={() => focus.point(null)}
      onClick={() => focus.choose(chosen ? null : index)}
    >
      <th scope="row">block {index + 1}</th>
      <td data-field="kept" data-value={kept}>
        {kept ? 'yes' : 'no'}
      </td>
      <td data-field="grid">{formatSizes(grid)}</td>
      <td data-field="stride" data-value={stride.join('×')}>
        {formatRatio(stride)}
      </td>
      <td data-field="kernel">{formatSizes(kernel)}</td>
      <td data-field="sigma" data-value={sigma.join('×')}>
        {sigma.map((value) => value.toFixed(3)).join(' · ')}
      </td>
      <td data-field="outer" data-value={width.outer}>
        {width.outer} of {full.width.outer}
      </td>
      <td data-field="inner" data-value={width.inner}>
        {width.inner} of {full.width.inner}
      </td>
      <td data-field="gate" data-value={gate}>
        {gate.toFixed(2)}
      </td>
      <td data-field="sees" data-value={sees.join('×')}>
        {formatSizes(sees)}
      </td>
      <Cost macs={block.macs} of={macs} />
    </tr>
  );
}

function Cost({ macs, of }: { readonly macs: number; readonly of: number }) {
  const share = of > 0 ? macs / of : 0;
  return (
    <>
      <td data-field="macs" data-value={macs}>
        {formatMacs(macs)}
      </td>
      <td data-field="share" data-value={share}>
        {formatPercent(share)}
      </td>
    </>
  );
}
