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

		/** An item of a FETCH command, `BODY.PEEK[HEADER]<0.1024>` for instance. */
		interface FetchItem {
			/** First byte and number of bytes. */
			partial?: number[];
		}

		type FetchHandler = (connection: unknown, message: Message, item: FetchItem) => unknown;

		interface ImapServer extends EventEmitter {
			readonly server: Server;
			/** They win over the library's own. */
			readonly fetchHandlers: Record<string, FetchHandler>;
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

/** The library's own answers to the items of a FETCH command. */
declare module 'hoodiecrow-imap/lib/commands/handlers/fetch' {
	import type hoodiecrow from 'hoodiecrow-imap';

	const handlers: { readonly BODY: hoodiecrow.FetchHandler };
	export default handlers;
}
