#!/bin/sh
# One run of a grid an array task, on a Slurm cluster whose nodes share this folder:
#
#   N=$(npm run --silent experiment -- list ladder | wc -l)
#   sbatch --array=0-$((N - 1)) experiments/slurm.sh ladder
#   npm run experiment -- collect .cache/experiments/ladder    # when it is done
#
# Arguments are a grid (ladder, wrong-start or a file of JSON) and options as of `experiment`, e.g. --quick. OUTPUT names
# another folder for the lines. What is there already is not run again, so the same command resumes.
#SBATCH --job-name=dnarch
#SBATCH --cpus-per-task=1
#SBATCH --mem=2G
#SBATCH --time=02:00:00
#SBATCH --output=slurm-%A_%a.log
set -eu

if [ "$#" -eq 0 ]; then
  echo 'usage: sbatch --array=0-N experiments/slurm.sh GRID [--quick] [--validate]' >&2
  exit 2
fi
: "${SLURM_ARRAY_TASK_ID:?submit it as an array: sbatch --array=0-N}"

# sbatch runs a copy of this file elsewhere; the folder it was called from is the repository.
cd "${SLURM_SUBMIT_DIR:-.}"
grid=$1
shift
set -- run "$grid" "$SLURM_ARRAY_TASK_ID" "$@"
if [ -n "${OUTPUT:-}" ]; then set -- "$@" --output "$OUTPUT"; fi
exec npm run --silent experiment -- "$@"
