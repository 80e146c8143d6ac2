import type { User } from '../directory/user';
import type { Answer } from '../http/answer';
import type { ReceivedRequest } from '../http/request';
import type { Folder } from '../mailbox/folder';
import type { Mailbox } from '../mailbox/mailbox';
import type { Message } from '../mailbox/message';
import type { AccessToken } from '../sign-in/token-store';
import { badRequest, itemNotFound } from './graph-error';
import type { Preferences } from './preference';

/** A request that was let in: who asks, for which mailbox, and how. */
export interface GraphCall {
	readonly request: ReceivedRequest;
	readonly token: AccessToken;
	/** Whose mailbox it is about. */
	readonly owner: User;
	readonly mailbox: Mailbox;
	readonly preferences: Preferences;
	/** `https://…/v1.0/me` or `…/users('…')`: what links begin with. */
	readonly base: string;
	/** Values of `:name` in the route's pattern. */
	readonly ids: Readonly<Record<string, string>>;
	readonly nowMs: number;
}

export type Handler = (call: GraphCall) => Answer | Promise<Answer>;

/** What the token must allow. `none`: any token of the right audience. */
export type Right = 'read' | 'write' | 'send' | 'profile';

export interface Route {
	readonly method: string;
	/** Below the mailbox: `messages/:message/move`. */
	readonly pattern: string;
	readonly right: Right;
	readonly handle: Handler;
}

export function folderOf({ mailbox, ids }: GraphCall): Folder {
	const folder = mailbox.findFolder(ids.folder ?? '');
	if (folder === undefined) throw itemNotFound();
	return folder;
}

export function messageOf({ mailbox, ids }: GraphCall): Message {
	const message = mailbox.find(ids.message ?? '');
	if (message === undefined) throw itemNotFound();
	return message;
}

/** The body is a whole message, base64, instead of JSON. */
export function isMime({ request }: GraphCall): boolean {
	return /^text\/plain\b/i.test(request.headers['content-type'] ?? '');
}

export function jsonBody({ request }: GraphCall): unknown {
	return readJson(request);
}

/** The body as JSON. Throws what Graph says to a body that is none. */
export function readJson({ headers, body }: ReceivedRequest): unknown {
	if (!/^application\/json\b/i.test(headers['content-type'] ?? '')) {
		throw badRequest(
			'Write requests (excluding DELETE) must contain the Content-Type header declaration.',
		);
	}
	try {
		return JSON.parse(body.toString());
	} catch {
		throw badRequest(
			'Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.',
		);
	}
}
