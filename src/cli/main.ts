/** The command line: train a task without a browser. */
import { trainCommand } from './train.ts';

process.exitCode = await trainCommand(process.argv.slice(2));
