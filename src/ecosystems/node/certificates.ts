// Room: ecosystems/node. Certificates of the system, which node has of its own: the slim image has none until a program is told to read them.
import type { Subject } from '../../facts/subject.ts';
import type { Evidence } from '../types.ts';
import { everyCommand } from '../../runtime/other-commands.ts';
import type { NodeProject } from './types.ts';

/** The bundle of ca-certificates, and the directory that OpenSSL looks into. Source: dpkg -L ca-certificates; nodejs.org/api/cli.html, --use-openssl-ca. */
const PLACE = /\/etc\/ssl\/(?:certs\b|cert\.pem)/;
/** Source: nodejs.org/api/cli.html, --use-openssl-ca, --use-system-ca and NODE_USE_SYSTEM_CA. */
const OPTION = /^--use-(?:openssl|system)-ca$/;

/** Why the container needs Debian's certificates, if it does. */
export function systemCertificates(subject: Subject, project: NodeProject): { packages: string[]; evidence: Evidence[] } {
  const evidence = ofSettings(subject) ?? ofCommand(subject) ?? ofSources(subject, project);
  return evidence ? { packages: ['ca-certificates'], evidence: [evidence] } : { packages: [], evidence: [] };
}

const asks = (name: string, value: string): boolean =>
  (/^(?:NODE_EXTRA_CA_CERTS|SSL_CERT_(?:FILE|DIR)|\w*_CA_\w*)$/.test(name) && PLACE.test(value)) ||
  (name === 'NODE_OPTIONS' && value.split(/\s+/).some((word) => OPTION.test(word))) ||
  (name === 'NODE_USE_SYSTEM_CA' && value === '1');

function ofSettings({ final, project }: Subject): Evidence | undefined {
  for (const i of final.stage.instructions) {
    const name = i.keyword === 'ENV' ? i.pairs.map((pair) => pair.name).find((one) => asks(one, valueOf(final, one))) : undefined;
    if (name !== undefined)
      return { file: 'Dockerfile', line: i.line, says: `sets ${name}=${valueOf(final, name)}: it reads the certificates of the system` };
  }
  for (const { environment = [], evidence } of project.uses().services) {
    const found = environment.find(([name, value]) => asks(name, value));
    if (found) return { ...evidence, says: `sets ${found[0]}=${found[1]}: it reads the certificates of the system` };
  }
  return undefined;
}

const valueOf = ({ end }: Subject['final'], name: string): string => {
  const set = end.env.get(name);
  return set && 'value' in set ? set.value : '';
};

function ofCommand(subject: Subject): Evidence | undefined {
  const run = everyCommand(subject);
  if ('unknown' in run) return undefined;
  const found = run.value.started.find(
    ({ effects: { command } }) =>
      command.words.some(({ value }) => OPTION.test(value ?? '')) || command.assignments.some(({ name, value }) => asks(name, value ?? '')),
  );
  return found && { ...found.evidence, says: `${found.evidence.says}: it reads the certificates of the system` };
}

function ofSources({ project: { tree } }: Subject, project: NodeProject): Evidence | undefined {
  for (const file of project.sources()) {
    const read = tree.read(file);
    if (read.kind !== 'text' || !read.text.includes('/etc/ssl/')) continue;
    const line = read.text.split('\n').findIndex((one) => PLACE.test(one));
    if (line !== -1) return { file, line: line + 1, says: 'names the certificates of the system' };
  }
  return undefined;
}
