/** Experiments on the command line: grids of runs, and what came back from them. */
import { experimentCommand } from './experiment/command.ts';

process.exitCode = await experimentCommand(process.argv.slice(2), [...process.execArgv, ...process.argv.slice(1, 2)]);
