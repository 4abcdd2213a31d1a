// The split of a Quill image: what is installed and what is built come over, the rest stays.
import { slimRuntime } from '../../../src/base/slim-runtime.ts';
import { neededPrograms } from '../../../src/base/programs.ts';
import { refuse } from '../../../src/refusal.ts';
import { fromBuilder } from '../../../transforms/multi-stage/distribute.ts';
import type { Situation } from '../../../transforms/multi-stage/situation.ts';
import { emptySplit, type Split } from '../../../transforms/multi-stage/split.ts';

export function splitQuill(s: Situation): Split {
  const builds = s.reading.runs.some((run) => run.parts.some((part) => part.manager?.id === 'ink' && part.kind === 'build'));
  if (!builds) return refuse('no-gain', 'Splitting would not remove anything from the final image: nothing is built', s.run.at);
  const runtime = slimRuntime(s.subject, 'quill is dynamically linked');
  const programs = neededPrograms(s.run.needs, runtime.tools, s.reading, () => false);
  return {
    ...emptySplit(runtime.image),
    artefacts: ['quill_modules', 'dist'].map((name) => fromBuilder(s.builder, `${s.workdir}/${name}`, s.workdir)),
    packages: [...s.apt.both, ...programs.packages],
    evidence: s.runEvidence,
    notes: runtime.notes,
    why: 'the image needs what ink installs and builds; sources and caches stay in the build stage',
  };
}
