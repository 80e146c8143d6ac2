import { json, noContent, type Answer } from '../http/answer';
import type { ReceivedRequest } from '../http/request';
import { MAX_SLICE_BYTES, UploadSession, type UploadTarget } from '../mailbox/upload-session';
import { GraphError } from './graph-error';

const LIFETIME_MS = 7 * 24 * 3600 * 1000;

/** What came to an uploadUrl. */
export interface UploadRequest {
	readonly method: string;
	readonly range: string;
	/** An uploadUrl carries its own secret: a token must never go there. */
	readonly hadToken: boolean;
	readonly status: number;
}

/** The other host (`outlook.office.com`) to which the slices of large files go. */
export class UploadService {
	readonly requests: UploadRequest[] = [];
	/** False: only sizes and sums of uploaded files are kept, for a test that measures memory. */
	keepsContent = true;
	/** False: an uploadUrl knows no GET, and answers 405. */
	tellsProgress = true;
	/** `https://…` of the host; known once it listens. */
	origin = '';
	private readonly sessions = new Map<string, UploadSession>();

	constructor(private readonly now: () => number) {}

	/** Sessions that were neither finished nor cancelled. */
	get open(): number {
		return this.sessions.size;
	}

	/** As when seven days have passed. */
	expireAll(): void {
		this.sessions.clear();
	}

	start(target: UploadTarget): Answer {
		const session = new UploadSession(target, this.now() + LIFETIME_MS, this.keepsContent);
		this.sessions.set(session.secret, session);
		return json(201, {
			'@odata.context': 'https://graph.microsoft.com/v1.0/$metadata#microsoft.graph.uploadSession',
			uploadUrl: `${this.origin}/api/gen/AttachmentSessions/1?authtoken=${session.secret}`,
			expirationDateTime: new Date(session.expiresAtMs).toISOString(),
			nextExpectedRanges: ['0-'],
		});
	}

	answer(request: ReceivedRequest): Answer {
		const given = this.respond(request);
		this.requests.push({
			method: request.method,
			range: request.headers['content-range'] ?? '',
			hadToken: request.headers.authorization !== undefined,
			status: given.status,
		});
		return given;
	}

	private respond(request: ReceivedRequest): Answer {
		const session = this.sessions.get(request.query.get('authtoken') ?? '');
		if (session === undefined || session.expiresAtMs < this.now()) {
			return fault(404, 'itemNotFound', 'The upload session was not found or has expired.');
		}
		if (request.headers.authorization !== undefined) {
			return fault(
				401,
				'unauthorized',
				'An upload URL must be used without an Authorization header.',
			);
		}
		if (request.method === 'GET' && this.tellsProgress) return json(200, toProgress(session));
		if (request.method === 'DELETE') {
			this.sessions.delete(session.secret);
			return noContent;
		}
		if (request.method !== 'PUT') return fault(405, 'methodNotAllowed', 'Use PUT.');
		return this.take(session, request);
	}

	private take(session: UploadSession, { headers, body }: ReceivedRequest): Answer {
		const range = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(headers['content-range'] ?? '');
		if (range === null)
			return fault(400, 'invalidRequest', 'Content-Range is missing or malformed.');
		const [first = 0, last = 0, total = 0] = range.slice(1).map(Number);
		if (headers['content-type'] !== 'application/octet-stream') {
			return fault(415, 'unsupportedMediaType', 'Content-Type must be application/octet-stream.');
		}
		if (body.length > MAX_SLICE_BYTES) {
			return fault(413, 'requestEntityTooLarge', 'A range may have 4 MB at most.');
		}
		const isRight =
			first === session.receivedBytes &&
			last - first + 1 === body.length &&
			total === session.target.sizeBytes &&
			last < total;
		if (!isRight) {
			return fault(416, 'invalidRange', `Expected a range from ${session.receivedBytes}.`);
		}
		session.add(body);
		return session.isComplete ? this.finish(session) : json(200, toProgress(session));
	}

	/** 201, an empty body, and the attachment's id in the Location header. */
	private finish(session: UploadSession): Answer {
		this.sessions.delete(session.secret);
		const { mailbox, message, name, contentType, isInline, contentId } = session.target;
		const attachment = mailbox.attach(message, {
			kind: 'file',
			name,
			contentType,
			isInline,
			contentId,
			contentLocation: undefined,
			content: session.content(),
			lastModifiedMs: this.now(),
		});
		const place = `${this.origin}/api/v2.0/Messages('${encodeURIComponent(message.plainId)}')`;
		return {
			status: 201,
			headers: { location: `${place}/Attachments('${encodeURIComponent(attachment.id)}')` },
		};
	}
}

/** Outlook writes this one in capitals, and ranges without their dash. */
function toProgress(session: UploadSession): Record<string, unknown> {
	return {
		ExpirationDateTime: new Date(session.expiresAtMs).toISOString(),
		nextExpectedRanges: [String(session.receivedBytes)],
	};
}

function fault(status: number, code: string, message: string): Answer {
	return json(status, { error: { code, message } });
}

/** https://learn.microsoft.com/graph/outlook-large-attachments, "Errors". */
export function checkUploadSize(sizeBytes: number): void {
	if (sizeBytes < 3_000_000) {
		throw new GraphError(
			400,
			'ErrorAttachmentSizeShouldNotBeLessThanMinimumSize',
			'The attachment size must be greater than the minimum size for an upload session.',
		);
	}
	if (sizeBytes > 150 * 1024 * 1024) {
		throw new GraphError(
			413,
			'ErrorAttachmentSizeLimitExceeded',
			'The attachment size exceeds the allowable limit.',
		);
	}
}
