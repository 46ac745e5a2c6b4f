/** docs/results.md says what the raw lines beside it say. */
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { figuresOf } from '../../src/cli/experiment/figures.ts';
import { readLines } from '../../src/cli/experiment/lines.ts';
import { groupsOf } from '../../src/cli/experiment/statistics.ts';
import { overview, tableOf } from '../../src/cli/experiment/table.ts';

const DOCS = fileURLToPath(new URL('../../docs', import.meta.url));

describe.each(readdirSync(join(DOCS, 'results')))('%s', (name) => {
  const folder = join(DOCS, 'results', name);

  it('has tables that follow from its lines', async () => {
    const groups = groupsOf(await readLines(folder));
    expect(groups.length).toBeGreaterThan(0);
    expect(await readFile(join(folder, 'table.md'), 'utf8')).toBe(`${tableOf(groups)}\n`);
    expect(await readFile(join(DOCS, 'results.md'), 'utf8')).toContain(overview(groups));
  });

  it('met its budget in every run', async () => {
    for (const { spec, cost, architecture } of await readLines(folder)) {
      expect(cost.macs, JSON.stringify(spec)).toBe(architecture.macs);
      expect(cost.ratio).toBeGreaterThan(0.95);
      expect(cost.ratio).toBeLessThan(1.02);
    }
  });

  it('has figures that follow from its lines, and are in the document', async () => {
    const lines = await readLines(folder);
    for (const [figure, drawn] of Object.entries(figuresOf(lines))) {
      expect(await readFile(join(folder, figure), 'utf8')).toBe(drawn);
      expect(await readFile(join(DOCS, 'results.md'), 'utf8')).toContain(`results/${name}/${figure}`);
    }
  });
});
