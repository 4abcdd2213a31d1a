// Room: ecosystems/python. Images of another family, which have Python by the packages of their distribution.
import { packageName } from '../../knowledge/debian-packages.ts';
import { refuse } from '../../refusal.ts';
import { leavesPackages } from '../../../transforms/multi-stage/gain.ts';
import { bringsPython } from './images.ts';
import { needRow } from './system-needs.ts';
import { wantedOf } from './runtime.ts';
import type { PythonCase } from './split-case.ts';
import type { Environment } from './split-environment.ts';

/** Refuses an image of which nobody knows what stands beside its Python. */
export function refuseUnknownImage(c: PythonCase): void {
  const { base } = c.reading;
  // packages that an image or a script puts beside its Python are not seen from a virtual environment
  if (!base.family || base.family.lookedUp === 'of no row')
    refuse(
      'unknown-base',
      `Which packages ${base.image.raw} brings is unknown; a virtual environment would hide them`,
      base.image.span.start,
      {
        allow: 'Build from the official python image.',
      },
    );
}

/** Python is a package of the image's distribution. */
export const isOfDistribution = ({ reading }: PythonCase): boolean => !bringsPython(reading.base.family?.repository);

/** Refuses what does not hold for Python of a distribution: packages in an environment of their own are carried, and the interpreter that made it stays. */
export function ofDistribution(c: PythonCase, { own, packages, named }: Environment): void {
  const { reading, apt, first, run } = c;
  const { image } = reading.base;
  if (!isOfDistribution(c)) return;
  if (!own)
    refuse(
      'no-ecosystem',
      `The packages are installed into the Python of ${image.raw} itself, beside those of its distribution`,
      first.instruction.start,
      {
        allow: 'Make an environment for them (RUN python3 -m venv /opt/venv, ENV PATH="/opt/venv/bin:$PATH"), or stand on python.',
      },
    );
  if (!apt.both.some((name) => INTERPRETER.test(packageName(name))))
    refuse('runtime-command-unknown', `No package of the last stage is known to bring Python to ${image.raw}`, run.at, {
      allow: 'Name python3 among the packages that are installed.',
    });
  const listed = c.project.packages(packages);
  const wanted = wantedOf('unknown' in listed ? [] : listed.value, [...named], []);
  const found = wanted.find(({ name }) => needRow(name)?.skip !== undefined);
  if (found && leavesPackages(c))
    refuse('sdist-libs-unknown', `What ${found.name} needs of the packages of the build is not known`, run.at, {
      evidence: [found.evidence],
    });
}
/** Packages that have the interpreter, of Debian and of Alpine. */
const INTERPRETER = /^python3?(?:\.\d+)?(?:-venv|-full|-minimal)?$/;
