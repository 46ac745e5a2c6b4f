/** The slider that matters: what the network may cost, beside what it does cost, on one logarithmic scale. */
import { formatMacs, formatPercent } from '../figures/format.ts';
import { budgetAt, percentAlong, positionOf, POSITION_RANGE } from './budget.ts';
import { usePart, usePlayground } from './context.ts';

const TICKS = [0.02, 0.05, 0.1, 0.2, 0.5, 1];

export function BudgetControl() {
  const playground = usePlayground();
  const budget = usePart((state) => state.settings.budget);
  const full = usePart((state) => state.snapshot?.architecture.full.macs ?? null);
  const macs = usePart((state) => state.snapshot?.architecture.macs ?? null);
  const { label, help } = playground.table.budget;
  const target = full === null ? null : Math.round(budget * full);
  const share = full !== null && macs !== null ? macs / full : null;
  return (
    <section className="budget" aria-label={label}>
      <div className="budget-words">
        <label htmlFor="budget" title={help}>
          {label}
        </label>
        <span className="big digits">{formatPercent(budget, budget < 0.0995 ? 1 : 0)}</span>
        <span className="help">{help}</span>
      </div>
      <div className="budget-scale">
        <input
          id="budget"
          data-testid="budget"
          type="range"
          {...POSITION_RANGE}
          value={positionOf(budget)}
          title={help}
          aria-valuetext={`${formatPercent(budget, 1)}${target === null ? '' : `, ${formatMacs(target)}`}`}
          onChange={(event) => playground.change('budget', String(budgetAt(event.target.valueAsNumber)))}
        />
        <div className="scale" aria-hidden="true">
          {TICKS.map((tick) => (
            <span key={tick} className="tick" style={{ left: `${percentAlong(tick)}%` }}>
              {formatPercent(tick, 0)}
            </span>
          ))}
          {share !== null && (
            <span
              className="now"
              style={{ left: `${percentAlong(share).toFixed(1)}%` }}
              title="What the network costs now."
            >
              <span>now</span>
            </span>
          )}
        </div>
      </div>
      <dl className="costs">
        <div title="Multiply–accumulates that the network needs for one sample, counted from what is really run.">
          <dt>
            <span className="sign now-sign" aria-hidden="true" /> network costs
          </dt>
          <dd className="digits" data-testid="cost" data-macs={macs === null ? undefined : Math.round(macs)}>
            {macs === null ? '–' : formatMacs(macs)}
          </dd>
        </div>
        <div title="Multiply–accumulates a sample that the budget allows.">
          <dt>
            <span className="sign budget-sign" aria-hidden="true" /> budget allows
          </dt>
          <dd className="digits" data-testid="target" data-macs={target ?? undefined}>
            {target === null ? '–' : formatMacs(target)}
          </dd>
        </div>
      </dl>
    </section>
  );
}
