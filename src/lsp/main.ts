// Room: lsp/. The server as a program of its own, as the extension brings it.
import manifest from '../../package.json' with { type: 'json' };
import { core } from '../checkout/core.ts';
import { serve } from './server.ts';

serve({ core, version: manifest.version, input: process.stdin, output: process.stdout });
