// Room: test/facts/. F9: a stage that lacks a file which one of its RUNs names is found, whatever made it so.
import { describe, expect, test } from 'vitest';
import { memoryTree } from '../../src/context/memory.ts';
import { parseDockerfile } from '../../src/dockerfile/parse.ts';
import { ecosystems } from '../../src/ecosystems/index.ts';
import { lackingFile } from '../../src/facts/found-files.ts';
import { readProject } from '../../src/facts/project.ts';
import { readSubject, type Subject } from '../../src/facts/subject.ts';

const files = { 'app.py': '', 'jobs.cron': '', 'tools/run.sh': '', 'requirements.txt': '' };
function subject(text: string): Subject {
  const parsed = parseDockerfile(text);
  if (!parsed.ok) throw new Error('does not parse');
  const context = { tree: memoryTree(files), dockerfilePath: 'Dockerfile', contextCertain: true };
  const options = { level: 'balanced', base: 'slim', only: undefined, skip: [] } as const;
  return readSubject(parsed.dockerfile, readProject(context, new Map(), ecosystems), { ...options, skip: [] });
}
const original = (run: string): Subject =>
  subject(`FROM python:3.12\nWORKDIR /app\nCOPY . .\nCOPY jobs.cron /etc/cron.d/jobs\nRUN ${run}\nCMD ["python", "app.py"]\n`);
const split = (builder: string, last: string): Subject =>
  subject(
    `FROM python:3.12 AS builder\nWORKDIR /app\n${builder}\nFROM python:3.12-slim\nWORKDIR /app\n${last}\nCMD ["python", "app.py"]\n`,
  );

describe('files that RUNs of a split name', () => {
  const copies = 'COPY . .\nCOPY jobs.cron /etc/cron.d/jobs';
  test.each([
    ['crontab /etc/cron.d/jobs', 'RUN crontab /etc/cron.d/jobs', copies],
    ['tools/run.sh --fast', 'COPY app.py .', 'COPY app.py .\nRUN tools/run.sh --fast'],
    ['bash tools/run.sh', copies, 'RUN bash tools/run.sh'],
    ['cat jobs.cron', 'RUN cat jobs.cron\nCOPY . .', copies],
    [
      'pip install --prefix=/i flask && cp -r /i/* /usr',
      'RUN pip install --prefix=/i flask',
      'RUN cp -r /i/* /usr\nCOPY --from=builder /i /i',
    ],
  ])('%s', (run, builder, last) => {
    expect(lackingFile(original(run), split(builder, last))).toMatch(/would not have it$/);
  });
  test.each([
    ['crontab /etc/cron.d/jobs', 'RUN pip list', `${copies}\nRUN crontab /etc/cron.d/jobs`],
    ['cat jobs.cron', copies, 'COPY --from=builder /app ./\nRUN cat jobs.cron'],
    ['mkdir -p tools', 'COPY app.py .', 'COPY app.py .\nRUN mkdir -p tools'],
    ['ls /etc/hosts', 'RUN ls /etc/hosts', 'RUN ls /etc/hosts'],
    ['ls .', 'RUN ls .', 'COPY app.py .'],
    [
      'pip install --prefix=/i flask && cp -r /i/* /usr',
      'RUN pip install --prefix=/i flask',
      'COPY --from=builder /i /i\nRUN cp -r /i/* /usr',
    ],
  ])('%s, which is there', (run, builder, last) => {
    expect(lackingFile(original(run), split(builder, last))).toBeUndefined();
  });
});
