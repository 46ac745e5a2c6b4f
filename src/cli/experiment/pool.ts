/** Runs of a grid side by side, each in a process of its own, with the time that is left. */
import { spawn } from 'node:child_process';

export interface Job {
  readonly name: string;
  /** Arguments of the process. */
  readonly args: readonly string[];
  /** How much work it is, in any unit. */
  readonly work: number;
}

interface Report {
  readonly finished: number;
  readonly failed: number;
  /** Seconds that the jobs not done yet will take, by the pace so far. */
  readonly left: number;
  readonly last: string;
}

/**
 * Runs all jobs, at most `most` at a time; gives how many failed. A job that fails does not stop the others; what it wrote to its
 * standard error is in its report.
 */
export async function runJobs(jobs: readonly Job[], most: number, report: (report: Report) => void): Promise<number> {
  const waiting = [...jobs];
  const total = jobs.reduce((sum, { work }) => sum + work, 0);
  const began = performance.now();
  let [finished, failed, done] = [0, 0, 0];
  const worker = async (): Promise<void> => {
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
      const { code, said } = await runJob(job);
      done += job.work;
      finished += 1;
      if (code !== 0) failed += 1;
      const left = ((performance.now() - began) / 1000) * (total / done - 1);
      report({ finished, failed, left, last: code === 0 ? said : `${job.name} failed: ${said}` });
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, jobs.length) }, worker));
  return failed;
}

/** The last line that a process says before it ends. */
async function runJob({ args }: Job): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, [...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  let text = '';
  child.stderr.setEncoding('utf8');
  child.stderr.on('data', (chunk: string) => (text = (text + chunk).slice(-4096)));
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ code: null, said: error.message }));
    child.on('close', (code) => resolve({ code, said: text.trimEnd().split('\n').at(-1) ?? '' }));
  });
}

/** E.g. `40 s`, `3 min` or `2 h 10 min`. */
export function timeText(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
