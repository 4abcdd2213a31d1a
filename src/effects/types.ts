// Room: effects/. What a command does, as data: one answer that every room asks for. Unknown is the default.
import type { Known, ShellCommand, Word } from '../dockerfile/types.ts';

/** A place of the image: an absolute path, alone or with all that lies below it. */
export interface Place {
  path: string;
  below: boolean;
  /** Of what lies right below, only the names that this glob matches. */
  names?: string;
}

/** Places that are known, and why there may be more. */
export interface Places {
  known: readonly Place[];
  /** Set when there may be more than `known`: the reason, as the end of a sentence ("… writes what cannot be told"). */
  unknown?: string;
}

/** What kind of thing a command does. `unknown` where no row says. */
export type Action =
  | { kind: 'nothing' } // leaves nothing behind but what its redirections write
  | { kind: 'state' } // changes the shell for the commands behind it (cd, export, umask)
  | { kind: 'files'; makes?: true } // `makes`: directories; else makes, moves, changes or removes the files that it names
  | { kind: 'own'; owner: string | undefined; recursive: boolean } // changes the owner of the files that it names
  | { kind: 'users' } // makes or changes users and groups
  | { kind: 'fetch'; alone?: true } // brings files from the network to what it writes; `alone`: to directories that nothing else fills
  | { kind: 'unpack' } // fills a directory from an archive
  | { kind: 'build'; tool: string; text?: true; asItRuns?: true } // compiles or generates in the working tree; `text`: text of text, without a compiler of the system; `asItRuns`: with nothing but what the program runs with
  | { kind: 'configure'; tool: string; brings?: readonly string[]; whole?: true } // settings of a tool or of the system; `brings`: programs that it puts into place; `whole`: themselves, and nothing that fetches them
  | { kind: 'clean' } // removes caches and the like
  | { kind: 'database' } // fills or changes a database: what it writes is the file of one that is embedded
  | { kind: 'serve' } // runs until it is stopped
  | { kind: 'package'; manager: string; what: string; into?: string } // a command of a package manager; its own row says more. Into: another program that fills the packages of this ecosystem
  | { kind: 'unknown'; why: string };

/** A program that starts the rest of its words, taken off: it must be in the image as well. */
export interface Wrapper {
  program: string;
  /** Its own words, the program first. */
  words: readonly Word[];
  /** The user that the rest runs as (`su-exec web`, `gosu web`, `sudo -u web`). */
  user?: string;
  /** It comes with the project's packages (`poetry run`). */
  ofProject?: true;
}

/** The shell as a command finds it. */
export interface ShellState {
  /** Absolute working directory; undefined: cannot be told. */
  cwd: string | undefined;
  /** The home directory of the user in force; undefined: cannot be told. */
  home: string | undefined;
  /** A variable's value; undefined: not set. */
  lookup(name: string): Known | undefined;
  /** The text of a file of the image, where the repository has it. */
  read?(path: string): string | undefined;
  /** How many more commands may be told of what one command starts: scripts that start themselves several times come to an end. */
  budget?: { left: number };
  /** Path of the script that the shell runs, where it is a file. */
  script?: string | undefined;
  /** What a script is given (`"$@"`); undefined: cannot be told. */
  args?: readonly Word[];
}

/** Where started commands stand. */
export interface StartedText {
  /** Path of the file of the image. */
  file?: string;
  /** All of its text that is run: of a manifest the script that is meant, with its hooks. */
  text?: string;
  /** The line of an offset of the commands; without it they stand in the call itself. */
  line?(offset: number): number;
  /** Why it is no plain list of commands: all that are seen in it are told then. */
  opaque?: string;
  /** Of a text with branches alone: the commands beside them, which run in order. */
  certain?: readonly ShellCommand[];
  /** Of a plain list: all commands in it, those of substitutions too. */
  seen?: readonly ShellCommand[];
  /** What the text is given. */
  args?: readonly Word[];
  /** The directory that it runs in, where another than that of the call. */
  cwd?: string;
  /** Which of the commands is the one that stays, where it is not the last one. */
  stays?: number;
}

/** What a row says of one call. What it leaves out is nothing: no places, no programs. */
export interface Told {
  does: Action;
  writes?: Places;
  removes?: Places;
  reads?: Places;
  /** Command lines that it starts, as commands of their own. */
  starts?: readonly ShellCommand[];
  /** Where these stand. */
  within?: StartedText;
  /** Set when it starts programs that cannot be told. */
  startsUnknown?: string;
  /** Set when it is there to start something, and what that is cannot be told: the end of a sentence. */
  unread?: string;
  /** It runs sources of the project: the ecosystem that reads them, and knows what they write. Its own places are beside these. */
  sources?: string;
  /** The directory that it changes to before it runs them (`gunicorn --chdir`). */
  worksIn?: string;
  /** The file that it runs, where that is not the program itself (`node FILE`). */
  runs?: Place;
  /** Programs that it starts by itself, as tar does xz. */
  also?: readonly string[];
  /** The shell for the commands behind it, where it differs. */
  after?: ShellState;
}

/** One call of a program, wrappers taken off. */
export interface Call {
  /** The program's name without its directory. */
  name: string;
  /** The words behind the program. */
  args: readonly Word[];
  command: ShellCommand;
  state: ShellState;
}

/** What programs do: one row for a program, or for several that do alike. */
export interface Row {
  /** Names, divided by spaces. */
  programs: string;
  /** The manual that says so. */
  source: string;
  /** Undefined: this call is not the row's, the next one is asked. */
  tell(call: Call): Told | undefined;
}

/** The answer for one command. */
export interface Effects {
  /** As written. */
  given: ShellCommand;
  /** Behind the wrappers: `words[0]` is the program. */
  command: ShellCommand;
  /** The program's name without its directory; '' for a bare assignment or redirection. */
  program: string;
  wrappers: readonly Wrapper[];
  does: Action;
  /** With what it starts. */
  writes: Places;
  removes: Places;
  reads: Places;
  /** What it writes itself, redirections included; and these alone. */
  own: Places;
  redirected: Places;
  /** What it starts in turn, in order. */
  starts: readonly Effects[];
  /** The commands of its substitutions, which run before it. */
  inner: readonly Effects[];
  within?: StartedText;
  startsUnknown?: string;
  unread?: string;
  sources?: string;
  worksIn?: string;
  runs?: Place;
  /** Programs that it starts by itself. */
  also?: readonly string[];
  /** The shell that it found. */
  before: ShellState;
  /** The shell behind it. */
  after: ShellState;
}
