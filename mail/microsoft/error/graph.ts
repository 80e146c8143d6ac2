import * as z from 'zod';
import { MailError } from '../../errors';
import { type ServiceAnswer, toServiceReply } from './answer';
import { type GraphFault, graphFaults } from './graph-table';
import type { MicrosoftFault } from './row';

const text = z.string().max(20_000).optional().catch(undefined);
const inner = z.object({ code: text, 'request-id': text, 'client-request-id': text }).catch({});
const refusal = z.object({
	error: z.object({ code: z.string().max(200), message: text, innerError: inner.optional() }),
});

const DENIED: MicrosoftFault = {
	code: 'auth.permission',
	title: 'Microsoft does not allow this',
	remedy: 'Look at the answer: it names the reason. An administrator has to grant the right.',
};

/** By the status, for codes that have no row. */
const byStatus: Readonly<Partial<Record<number, MicrosoftFault>>> = {
	401: {
		code: 'auth.expired',
		title: 'Microsoft did not accept the access token',
		remedy: 'Connect again, or check the permissions of the app.',
	},
	402: DENIED,
	403: DENIED,
	404: {
		code: 'message.missing',
		title: 'Microsoft does not find what was asked for',
		remedy: 'Check the mailbox address. An e-mail or folder may have been moved or deleted.',
	},
	408: {
		code: 'server.unavailable',
		title: 'Microsoft did not answer in time',
		remedy: 'Try again later.',
		retryable: true,
	},
};

const BUSY: MicrosoftFault = {
	code: 'server.unavailable',
	title: 'Microsoft Graph cannot serve the request now',
	remedy: 'Try again later. If it lasts, look at the service health of Microsoft 365.',
	retryable: true,
};

const REFUSED: MicrosoftFault = {
	code: 'server.protocol',
	title: 'Microsoft Graph refused the request',
	remedy: 'Look at the answer: it names the reason.',
};

/**
 * Translates a refusal of Microsoft Graph.
 * @param subject what was tried: `folder "Invoices"`, `graph.microsoft.com`
 */
export function toGraphError(answer: ServiceAnswer, subject: string): MailError {
	const { status, retryAfterMs, cause } = answer;
	const parsed = refusal.safeParse(answer.body);
	const { code = '', message = '', innerError } = parsed.success ? parsed.data.error : {};
	const fault =
		findGraphFault([code, innerError?.code ?? ''], message) ??
		graphFaults.find(({ statuses }) => statuses?.includes(status)) ??
		byStatus[status] ??
		(status >= 500 ? BUSY : REFUSED);
	const ids = {
		traceId: innerError?.['request-id'],
		correlationId: innerError?.['client-request-id'],
	};
	const words = [code, message].filter(Boolean).join(': ');
	return new MailError(fault.code, {
		title: fault.title,
		remedy: fault.remedy,
		retryable: fault.retryable,
		subject,
		retryAfterMs,
		serverReply: words === '' ? `HTTP ${status}` : toServiceReply(words, ids),
		serverCode: code === '' ? undefined : code.slice(0, 100),
		cause,
	});
}

/** The row for codes and words of Graph; where its code stands for several faults, its words say which. */
export function findGraphFault(given: readonly string[], message: string): GraphFault | undefined {
	const wanted = new Set(given.map((code) => code.toLowerCase()));
	return (
		graphFaults.find(({ phrase }) => phrase?.test(message)) ??
		graphFaults.find(({ codes }) => codes?.some((code) => wanted.has(code.toLowerCase())))
	);
}
