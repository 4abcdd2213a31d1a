// Room: verify/report/. The page of `verify`: the configurations of both images, what they answered and printed.
import type { Answer, CommandOutput, FileVerification, ImageConfig, Observation } from '../types.ts';
import { html, type Content, type Markup } from '../../report/html.ts';
import { cut, logDetails } from './html-checks.ts';
import { visible } from '../../report/visible.ts';

/** Both configurations, keyword by keyword. */
export function configSection({ config, path }: FileVerification): Content {
  if (!config) return undefined;
  const [before, after] = [rowsOf(config.before), rowsOf(config.after)];
  const names = [...new Set([...before.keys(), ...after.keys()])].filter((name) => before.get(name) !== '' || after.get(name) !== '');
  return html`<h3>Image configuration</h3>
    <div class="scroll" role="region" aria-label="Image configuration, ${visible(path)}" tabindex="0">
      <table>
        <thead>
          <tr>
            <th scope="col">instruction</th>
            <th scope="col">before</th>
            <th scope="col">after</th>
          </tr>
        </thead>
        <tbody>
          ${names.map((name) => configRow(name, before.get(name) ?? '', after.get(name) ?? ''))}
        </tbody>
      </table>
    </div>`;
}

function configRow(name: string, before: string, after: string): Markup {
  const value = (text: string): Content => (text === '' ? html`<span class="dim">not set</span>` : html`<code>${cut(text)}</code>`);
  const differs = before !== after;
  return html`<tr>
    <th scope="row">${visible(name)}${differs && html` <span class="differs">differs</span>`}</th>
    <td>${value(before)}</td>
    <td>${value(after)}</td>
  </tr>`;
}

/** Labels by which a run finds what it made: of the run, not of the image. They name the machine. */
const own = /^dockerfile-mod\.verify(?:\.|$)/;

function rowsOf(config: ImageConfig): Map<string, string> {
  const exec = (words: readonly string[] | undefined): string => (words === undefined ? '' : JSON.stringify(words));
  return new Map([
    ['USER', config.user],
    ['ENTRYPOINT', exec(config.entrypoint)],
    ['CMD', exec(config.cmd)],
    ['WORKDIR', config.workdir],
    ['EXPOSE', config.exposedPorts.join(', ')],
    ['VOLUME', config.volumes.join(', ')],
    ['HEALTHCHECK', config.healthcheck === undefined ? '' : JSON.stringify(config.healthcheck)],
    ['STOPSIGNAL', config.stopSignal ?? ''],
    ['SHELL', exec(config.shell)],
    ['platform', `${config.os}/${config.architecture}`],
    ...Object.entries(config.env).map(([name, value]): [string, string] => [`ENV ${name}`, value]),
    ...Object.entries(config.labels)
      .filter(([name]) => !own.test(name))
      .map(([name, value]): [string, string] => [`LABEL ${name}`, value]),
  ]);
}

const kinds: Readonly<Record<Observation['kind'], string>> = {
  ends: 'it ended by itself',
  serves: 'it listens on a port',
  runs: 'it runs, without a port',
};

/** What both did when they were run: how they ended, ports, answers, commands. */
export function observedSection({ observed, path }: FileVerification): Content {
  if (!observed) return undefined;
  const { before, after } = observed;
  const rows: [string, string, string][] = [
    ['when started', startedText(before), startedText(after)],
    ['listens on', before.ports?.join(', ') ?? 'not seen', after.ports?.join(', ') ?? 'not seen'],
    ['health', before.health ?? 'no HEALTHCHECK', after.health ?? 'no HEALTHCHECK'],
    ['user ids', before.uids.join(', '), after.uids.join(', ')],
    ['files written', writtenText(before), writtenText(after)],
  ];
  return html`<h3>What they did</h3>
    <div class="scroll" role="region" aria-label="What they did, ${visible(path)}" tabindex="0">
      <table>
        <thead>
          <tr>
            <th scope="col">observed</th>
            <th scope="col">before</th>
            <th scope="col">after</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            ([name, one, other]) =>
              html`<tr>
                <th scope="row">${name}</th>
                <td>${cut(one)}</td>
                <td>${cut(other)}</td>
              </tr>`,
          )}
          ${before.answers.map((answer) =>
            answerRow(
              answer,
              after.answers.find((one) => one.probe === answer.probe && one.port === answer.port),
            ),
          )}
          ${before.commands.map((command, i) => commandRow(command, after.commands[i]))}
          ${before.smoke && commandRow(before.smoke, after.smoke)}
        </tbody>
      </table>
    </div>
    <div class="two">
      <div>${logDetails('Output of the original', outputOf(before))}</div>
      <div>${logDetails('Output of the rewrite', outputOf(after))}</div>
    </div>`;
}

const startedText = ({ kind, exitCode }: Observation): string =>
  kind === 'ends' ? `${kinds.ends}, exit code ${exitCode ?? 'unknown'}` : kinds[kind];

function writtenText({ written }: Observation): string {
  const more = written.length > 8 ? ` and ${written.length - 8} more` : '';
  return written.length === 0 ? 'none' : `${written.slice(0, 8).join(', ')}${more}`;
}

function outputOf({ stdout, stderr, healthLog }: Observation): string {
  const parts = [stdout, stderr === '' ? '' : `[standard error]\n${stderr}`, healthLog === '' ? '' : `[health check]\n${healthLog}`];
  return parts.filter((part) => part !== '').join('\n');
}

function answerRow(before: Answer, after: Answer | undefined): Markup {
  return html`<tr>
    <th scope="row"><code>${cut(before.probe)}</code></th>
    <td>${answerCell(before)}</td>
    <td>${after ? answerCell(after) : 'not asked'}</td>
  </tr>`;
}

function answerCell({ status, type, body, error }: Answer): Content {
  if (status === undefined) return html`no answer${error === undefined ? '' : `: ${visible(error)}`}`;
  return html`${status}${type === '' ? '' : html` <span class="dim">${cut(type)}</span>`}${logDetails('Body', body)}`;
}

function commandRow(before: CommandOutput, after: CommandOutput | undefined): Markup {
  const cell = ({ code, stdout, stderr }: CommandOutput): Markup =>
    html`${code === undefined ? 'it did not end in time' : `exit code ${code}`}${logDetails('Output', stdout + stderr)}`;
  return html`<tr>
    <th scope="row"><code>${cut(before.command)}</code></th>
    <td>${cell(before)}</td>
    <td>${after ? cell(after) : 'not run'}</td>
  </tr>`;
}
