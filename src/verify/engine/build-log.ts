// Room: verify/engine/. The log of a build (`--progress=plain`): the step that failed and what it printed.
// Source of the form: BuildKit, util/progress/progressui (printer.go: `#5 ERROR: …`, `#5 0.659 text`, the block between lines of hyphens).

export interface FailedStep {
  /** The engine's last sentence, without what stands in front of every such sentence. */
  verdict: string;
  /** The step, the last lines that it printed, the verdict. */
  log: string;
  /** Of what the step printed, the line that says most about why; undefined: it printed nothing. */
  cause: string | undefined;
  /** `step`: a command of the Dockerfile failed; `other`: the engine did, before or between. */
  during: 'step' | 'other';
}

/** Reads the end of a build's log. In: what the build printed, and how many lines to keep. */
export function failedStep(said: string, keep: number): FailedStep {
  const lines = said.split('\n').map((line) => line.trimEnd());
  const verdict = verdictOf(lines);
  const failed = lines.findLast((line) => /^#\d+ (?:[\d.]+ )?ERROR: /.test(line));
  const number = failed === undefined ? undefined : /^#(\d+) /.exec(failed)?.[1];
  if (number === undefined)
    return { verdict: withoutPrefix(verdict), log: lastLines(lines, keep), cause: undefined, during: byText(verdict) };
  const own = lines.filter((line) => line.startsWith(`#${number} `)).map((line) => line.slice(number.length + 2));
  const name = own.find((line) => !/^(?:[\d.]+ |sha256:|ERROR|CACHED|DONE|\.\.\.$)/.test(line)) ?? '';
  const printed = own
    .filter((line) => line !== name && !/^(?:sha256:[0-9a-f]{64}|CACHED|\.\.\.|ERROR: .*|[\d.]+)$/.test(line))
    .map(withoutTime);
  const log = [name, ...printed.slice(-keep), withoutPrefix(verdict)].filter((line) => line.trim() !== '').join('\n');
  const cause = tellingLine(printed);
  return {
    verdict: withoutPrefix(verdict),
    log,
    cause,
    during: /^\[(?:[^\]]* )?\d+\/\d+\] (?!FROM )/.test(name) ? 'step' : byText(verdict),
  };
}

/** Programs end with lines that say where a log lies, or that they failed: above them stands why. */
const emptyWords =
  /complete log of this run|waiting for other jobs|[Ff]or more info(?:rmation about this error)?\b|^npm (?:error|ERR!)$|^\s*$|[Uu]pgrade (?:pip|npm)|new (?:release|version) of/;
const complaint =
  /\berr(?:or|!)|\bE:|exception|not found|no such|no matching|does not exist|unknown|unable|cannot|can't|could not|fail|denied|invalid|missing|unsupported/i;

const tellingLine = (printed: readonly string[]): string | undefined => {
  const words = printed.filter((line) => !emptyWords.test(line));
  return (words.findLast((line) => complaint.test(line)) ?? words.at(-1))?.trim();
};

const withoutTime = (line: string): string => line.replace(/^\d+(?:\.\d+)? /, '');
const byText = (verdict: string): 'step' | 'other' =>
  /executor failed running|did not complete successfully|returned a non-zero code|while running runtime/.test(verdict) ? 'step' : 'other';

/** The sentence with which the build ends; behind it may stand a link to a page (`View build details: …`). */
function verdictOf(lines: readonly string[]): string {
  const told = lines.findLast((line) =>
    /^(?:ERROR: |Error: |error )?(?:failed to solve|executor failed|failed to compute cache key|building at STEP|creating build container)/i.test(
      line,
    ),
  );
  return told ?? lines.findLast((line) => line !== '' && !/^(?:View build details|What's next|Use 'docker scan')/i.test(line)) ?? '';
}

const lastLines = (lines: readonly string[], keep: number): string =>
  lines
    .filter((line) => line !== '')
    .slice(-keep)
    .join('\n');

/** Without `Error response from daemon: `, `ERROR: ` and the like in front. */
export const withoutPrefix = (line: string): string =>
  line
    .trim()
    .replace(/^(?:docker: |ERROR: |Error: |error: )+/, '')
    .replace(/^Error response from daemon: /, '')
    .replace(
      /^failed to solve(?: with frontend [\w.]+)?: (?:failed to solve with frontend [\w.]+: )?(?:failed to create LLB definition: )?/,
      '',
    );
