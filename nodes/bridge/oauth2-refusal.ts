import * as z from 'zod';
import { isMailError, MailError, toReplyLine } from '../../mail/errors';
import { findSignInFault } from '../../mail/microsoft/error';

/** What n8n's OAuth2 client throws: `AuthError` and `ResponseError`, and axios' errors. */
const failureSchema = z.object({
	body: z.unknown().optional(),
	status: z.number().optional().catch(undefined),
	cause: z.unknown().optional(),
});

/** RFC 6749, section 5.2. */
const answerSchema = z.object({
	error: z.string(),
	error_description: z.string().optional().catch(undefined),
});

/** How deep causes are looked into. */
const DEPTH = 5;

/**
 * Why a token could not be renewed. What the provider has said of it lasts, and is not tried again and again: providers lock
 * accounts. Where it could not be asked, it may be asked again.
 *
 * @param name of the connector
 */
export function toRenewalError(failure: unknown, name: string): MailError {
	if (isMailError(failure)) return failure;
	const subject = `"${name}"`;
	const found = findAnswer(failure);
	if (found === undefined) {
		// n8n's own words where the provider has revoked the sign-in: it keeps the provider's to itself.
		const words = failure instanceof Error ? toReplyLine(failure.message) : '';
		const isFinal = failure instanceof Error && isReconnectError(failure);
		return isFinal
			? new MailError('auth.expired', { subject })
			: new MailError('server.unavailable', {
					subject: `the provider of ${subject} did not renew the access token: ${words}`,
					retryable: true,
				});
	}
	const { status, answer } = found;
	const words = toReplyLine([answer.error, answer.error_description].filter(Boolean).join(': '));
	const known = findSignInFault(words);
	if (known !== undefined) {
		const { code, title, remedy, retryable } = known;
		return new MailError(code, {
			title,
			remedy,
			retryable,
			subject,
			serverReply: words,
			serverCode: /AADSTS\d+/.exec(words)?.[0],
		});
	}
	const isPassing =
		(status !== undefined && (status >= 500 || status === 429)) ||
		['temporarily_unavailable', 'server_error', 'slow_down'].includes(answer.error);
	return new MailError(isPassing ? 'server.unavailable' : 'auth.expired', {
		subject,
		serverReply: words,
		retryable: isPassing,
	});
}

/** n8n's mark on it, since 2.x. */
function isReconnectError(failure: object): boolean {
	const parsed = z
		.object({ failure: z.object({ cause: z.literal('credential-invalid') }) })
		.safeParse(failure);
	return parsed.success;
}

interface FoundAnswer {
	readonly status?: number;
	readonly answer: z.infer<typeof answerSchema>;
}

function findAnswer(failure: unknown, depth = DEPTH): FoundAnswer | undefined {
	const parsed = failureSchema.safeParse(failure);
	if (!parsed.success || depth === 0) return undefined;
	const { body, status, cause } = parsed.data;
	const answer = answerSchema.safeParse(typeof body === 'string' ? toJson(body) : body);
	return answer.success ? { status, answer: answer.data } : findAnswer(cause, depth - 1);
}

function toJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
