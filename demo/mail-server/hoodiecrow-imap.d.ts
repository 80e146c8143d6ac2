/** The part of hoodiecrow-imap 2 that is used; it brings no types of its own. */
declare module 'hoodiecrow-imap' {
	import type { EventEmitter } from 'node:events';
	import type { Server } from 'node:net';

	namespace hoodiecrow {
		interface Folder {
			readonly flags?: readonly string[];
			readonly 'special-use'?: string;
		}

		interface Options {
			readonly plugins: readonly string[];
			readonly users: Readonly<Record<string, { readonly password: string }>>;
			/** By namespace; the key '' holds the folders beside INBOX. */
			readonly storage: Readonly<
				Record<
					string,
					{ readonly separator?: string; readonly folders?: Readonly<Record<string, Folder>> }
				>
			>;
		}

		interface Message {
			/** One character per byte. */
			readonly raw: string;
			readonly flags: readonly string[];
		}

		interface ImapServer extends EventEmitter {
			readonly server: Server;
			listen(port: number, host: string, listening: () => void): void;
			close(closed: () => void): void;
			getMailbox(path: string): { readonly messages: readonly Message[] } | undefined;
			/** `internalDate` false: now. */
			appendMessage(
				path: string,
				flags: readonly string[],
				internalDate: Date | false,
				raw: string,
			): void;
		}
	}

	function hoodiecrow(options: hoodiecrow.Options): hoodiecrow.ImapServer;
	export = hoodiecrow;
}
