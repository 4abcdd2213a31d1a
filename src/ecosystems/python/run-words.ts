// Room: ecosystems/python. A command without the words in front of its program that find the environment of the project (`uv run`).
import type { Piece } from '../../dockerfile/edits.ts';
import type { Command } from '../../dockerfile/types.ts';

/** What stands in front: how many words, and whether a file follows, which Python is to run. */
interface Front {
  count: number;
  file: boolean;
}

/** ENTRYPOINT and CMD as they stand behind those words, by their index. A shell form is one where it begins with them. */
export function strippedCommands<F extends Front>(
  commands: readonly (Command | undefined)[],
  read: (words: readonly { value?: string | undefined; raw?: string }[]) => F | undefined,
): { index: number; text: Piece[]; read: F }[] {
  return commands.flatMap((command) => {
    const words = command?.form === 'exec' ? command.json : command?.script?.commands[0]?.words;
    const front = words && read(words);
    const [first, behind] = [words?.[0], front && words?.[front.count]];
    if (!command || !front || !first || !behind) return [];
    const python = !front.file ? '' : command.form === 'exec' ? '"python", ' : 'python ';
    return [
      {
        index: command.index,
        text: [{ start: command.leadStart, end: first.start }, python, { start: behind.start, end: command.end }],
        read: front,
      },
    ];
  });
}
