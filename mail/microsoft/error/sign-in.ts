import * as z from 'zod';
import { MailError } from '../../errors';
import { type ServiceAnswer, toServiceReply } from './answer';
import type { MicrosoftFault } from './row';
import { type SignInFault, signInFaults } from './sign-in-table';

const faultOf: ReadonlyMap<number, SignInFault> = new Map(
	signInFaults.flatMap((fault) => fault.numbers.map((number) => [number, fault] as const)),
);

const text = z.string().max(20_000).optional().catch(undefined);
const refusal = z.object({
	/** RFC 6749, section 5.2. */
	error: z.string().max(200),
	error_description: text,
	error_codes: z.array(z.number()).max(20).optional().catch(undefined),
	trace_id: text,
	correlation_id: text,
});

/** By the `error` of OAuth2, for numbers that have no row. */
const byOAuthError: ReadonlyMap<string, MicrosoftFault> = new Map<string, MicrosoftFault>(
	Object.entries({
		invalid_client: {
			code: 'auth.rejected',
			title: 'Microsoft rejected the secret or the certificate of the app',
			remedy: 'Check the client ID and the secret or certificate in the connector.',
		},
		interaction_required: {
			code: 'auth.expired',
			title: 'Microsoft wants the user to sign in again',
			remedy: 'Open the connector and press Connect again.',
		},
		consent_required: {
			code: 'auth.permission',
			title: 'The consent of an administrator is missing',
			remedy:
				'An administrator presses "Grant admin consent" in the app registration. Then connect again.',
		},
	} satisfies Record<string, MicrosoftFault>),
);

const REFUSED: MicrosoftFault = {
	code: 'auth.rejected',
	title: 'Microsoft refused the sign-in',
	remedy:
		'Look at the answer: it names the reason. Check the settings of the connector against it.',
};

const BUSY: MicrosoftFault = {
	code: 'server.unavailable',
	title: "Microsoft's sign-in service cannot serve the request now",
	remedy: 'Try again later.',
	retryable: true,
};

const THROTTLED: MicrosoftFault = {
	code: 'server.throttled',
	title: "Microsoft's sign-in service asks to slow down",
	remedy: 'Wait a while. It is tried again by itself.',
	retryable: true,
};

const STRANGE: MicrosoftFault = {
	code: 'server.protocol',
	title: "The answer is not one of Microsoft's sign-in service",
	remedy: 'Check the cloud in the connector, and the proxy if there is one.',
};

const passing: ReadonlySet<string> = new Set(['temporarily_unavailable', 'server_error']);

/**
 * Translates a refusal of the token endpoint.
 * @param subject what was tried: `login.microsoftonline.com`
 */
export function toSignInError(answer: ServiceAnswer, subject: string): MailError {
	const { status, retryAfterMs } = answer;
	const parsed = refusal.safeParse(answer.body);
	if (!parsed.success) {
		const fault = toStatusFault(status) ?? STRANGE;
		return create(fault, { subject, retryAfterMs, serverReply: `HTTP ${status}` });
	}
	const { error, error_description: words = error, error_codes: numbers = [] } = parsed.data;
	const number = [...numbers, readNumber(words)].find((one) => one && faultOf.has(one));
	const known = number === undefined ? undefined : faultOf.get(number);
	const fault =
		known ??
		toStatusFault(status) ??
		(passing.has(error) ? BUSY : (byOAuthError.get(error) ?? REFUSED));
	const ids = { traceId: parsed.data.trace_id, correlationId: parsed.data.correlation_id };
	return create(fault, {
		subject,
		retryAfterMs,
		serverReply: toServiceReply(withoutIds(words), ids),
		serverCode: toServerCode(number ?? numbers[0] ?? readNumber(words)) ?? error,
	});
}

/**
 * The row for a text that another program has made of a refusal, as n8n does for its own OAuth2. Undefined where it
 * names no number, or one without a row.
 */
export function findSignInFault(words: string): SignInFault | undefined {
	const number = readNumber(words.slice(0, 20_000));
	return number === undefined ? undefined : faultOf.get(number);
}

/** For how long no sign-in shall follow this one, by the table; undefined where the table has no opinion. */
export function toPauseMinutes(error: MailError): number | undefined {
	return findSignInFault(`${error.serverCode}:`)?.pauseMinutes;
}

function toStatusFault(status: number): MicrosoftFault | undefined {
	if (status === 429) return THROTTLED;
	return status >= 500 ? BUSY : undefined;
}

/** `7000215` of `AADSTS7000215: Invalid client secret …` */
function readNumber(words: string): number | undefined {
	const digits = /AADSTS(\d{4,9})/.exec(words)?.[1];
	return digits === undefined ? undefined : Number(digits);
}

function toServerCode(number: number | undefined): string | undefined {
	return number === undefined ? undefined : `AADSTS${number}`;
}

/** They are said once, in fewer words. */
function withoutIds(words: string): string {
	return words.replace(/\s*(Trace ID|Correlation ID|Timestamp): [^\r\n]*/g, '');
}

function create(
	{ code, title, remedy, retryable }: MicrosoftFault,
	details: { subject: string; retryAfterMs?: number; serverReply: string; serverCode?: string },
): MailError {
	return new MailError(code, { title, remedy, retryable, ...details });
}
