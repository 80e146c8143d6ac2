import { buffer } from 'node:stream/consumers';
import { z } from 'zod';
import { MailError } from '../../errors';
import { GRAPH_ANSWER_MS, GRAPH_ERROR_BYTES } from '../../limits';
import type { DetachedFile } from '../../ports';
import type { HttpsFetch, HttpsRequest } from '../net/https';
import { toSubject } from './attaching';
import { readFault, toGraphError } from './error';
import { gateOf } from './gate';
import { finish, readText } from './open-answer';
import type { SendMailbox } from './send-mailbox';
import { readNextStart, type Slice, toContentRange } from './slice';

/** What createUploadSession answers. */
export const sessionSchema = z.object({
	uploadUrl: z.url({ protocol: /^https$/ }),
	expirationDateTime: z.string().optional(),
	nextExpectedRanges: z.array(z.string()).optional(),
});

/** In the answer to a slice the date has a capital letter. */
const progressSchema = z.object({
	ExpirationDateTime: z.string().optional(),
	expirationDateTime: z.string().optional(),
	nextExpectedRanges: z.array(z.string()).optional(),
});

/** A session is given up this long before its end, in ms: the next slice needs its time as well. */
const EXPIRY_MARGIN_MS = 60_000;

/** `done`: the file is attached. A number: where the server wants to go on. `gone`: there is no such session (any more). */
export type SliceOutcome = 'done' | 'gone' | number;

/**
 * One upload address. It opens itself, so that a token there would only be given away (graph/outlook-large-attachments);
 * it is a secret like one, and appears in no error.
 */
export class UploadSession {
	readonly #url: string;
	readonly #file: DetachedFile;
	readonly #fetch: HttpsFetch;
	readonly #gateKey: string;
	readonly #subject: string;
	#expiresAtMs: number;

	constructor(
		{ uploadUrl, expirationDateTime }: z.infer<typeof sessionSchema>,
		file: DetachedFile,
		{ upload, key }: Pick<SendMailbox, 'upload' | 'key'>,
	) {
		this.#url = uploadUrl;
		this.#file = file;
		this.#fetch = upload;
		this.#gateKey = key;
		this.#subject = toSubject(file);
		this.#expiresAtMs = toExpiry(expirationDateTime);
	}

	get isExpired(): boolean {
		return Date.now() > this.#expiresAtMs - EXPIRY_MARGIN_MS;
	}

	/** Throws MailError where nobody knows, or the server refuses for now. */
	async put(slice: Slice, signal?: AbortSignal): Promise<SliceOutcome> {
		// The slices of many mails wait on disk for their turn, not in memory.
		const leave = await gateOf(this.#gateKey).enter(this.#subject, signal);
		try {
			return await this.#putNow(slice, signal);
		} finally {
			leave();
		}
	}

	async #putNow(slice: Slice, signal?: AbortSignal): Promise<SliceOutcome> {
		const body = await buffer(this.#file.open(slice.start, slice.end));
		const response = await this.#request('PUT', signal, {
			headers: {
				'Content-Type': 'application/octet-stream',
				'Content-Length': String(body.length),
				'Content-Range': toContentRange(slice, this.#file.sizeBytes),
			},
			body,
		});
		if (response === 'gone') return 'gone';
		if (response.status === 201) {
			await finish(response);
			return 'done';
		}
		return (await this.#readProgress(response)) ?? slice.end;
	}

	/** Where to go on after an answer was lost; undefined where the server does not tell. */
	async ask(signal?: AbortSignal): Promise<number | undefined> {
		try {
			const response = await this.#request('GET', signal, { headers: {} });
			return response === 'gone' ? undefined : await this.#readProgress(response);
		} catch {
			// Microsoft describes the question for other files than those of mails: no answer is no failure.
			return undefined;
		}
	}

	/** Never throws: the server forgets the session by itself. */
	async cancel(): Promise<void> {
		try {
			const response = await this.#request('DELETE', undefined, { headers: {} });
			if (response !== 'gone') await finish(response);
		} catch {
			// As above.
		}
	}

	async #request(
		method: string,
		signal: AbortSignal | undefined,
		rest: Omit<HttpsRequest, 'method' | 'signal'>,
	): Promise<Response | 'gone'> {
		const response = await this.#fetch(this.#url, { method, signal, ...rest });
		if (response.ok) return response;
		const text = await readText(response, this.#subject, {
			limitBytes: GRAPH_ERROR_BYTES,
			timeoutMs: GRAPH_ANSWER_MS,
			cut: true,
		});
		if (goneStatuses.has(response.status)) return 'gone';
		throw toGraphError(readFault(response.status, response.headers, text), this.#subject);
	}

	async #readProgress(response: Response): Promise<number | undefined> {
		const text = await readText(response, this.#subject, {
			limitBytes: GRAPH_ERROR_BYTES,
			timeoutMs: GRAPH_ANSWER_MS,
		});
		const progress = parseProgress(text, this.#subject);
		const expiry = progress.ExpirationDateTime ?? progress.expirationDateTime;
		if (expiry !== undefined) this.#expiresAtMs = toExpiry(expiry);
		return readNextStart(progress.nextExpectedRanges, this.#file.sizeBytes);
	}
}

/**
 * The session is over, its address is refused, or it stands elsewhere than we do (416, RFC 9110, section 15.5.17): another
 * session settles all of it.
 */
const goneStatuses: ReadonlySet<number> = new Set([400, 401, 403, 404, 405, 409, 410, 416]);

function parseProgress(text: string, subject: string): z.infer<typeof progressSchema> {
	if (text.trim() === '') return {};
	try {
		return progressSchema.parse(JSON.parse(text));
	} catch (cause) {
		throw new MailError('server.protocol', { subject, retryable: true, cause });
	}
}

/** A date that is none never comes. */
function toExpiry(date: string | undefined): number {
	const ms = Date.parse(date ?? '');
	return Number.isNaN(ms) ? Infinity : ms;
}
