import { type ParsedMail, simpleParser } from 'mailparser';
import {
	type IDataObject,
	type INodeExecutionData,
	NodeApiError,
	NodeOperationError,
} from 'n8n-workflow';
import { executeSendEmail } from '../../nodes/SendEmail/run';
import { executeContext, type ExecuteContextOptions } from './execute-context';
import type { SmtpSink } from './smtp-sink';

export type SendEmailRun = Partial<Omit<ExecuteContextOptions, 'parameters' | 'credential'>> & {
	readonly parameters?: Record<string, unknown>;
	readonly credential?: IDataObject;
};

const parameters = {
	operation: 'send',
	to: '',
	subject: '',
	messageFormat: 'text',
	text: 'Thank you.',
	fromAddress: '',
	fromName: '',
	cc: '',
	bcc: '',
	replyTo: '',
	options: {},
};

/** Runs the node as n8n does, with a connector that sends to the sink as support@example.test. */
export async function runSendEmail(
	sink: SmtpSink,
	{ parameters: changes, credential, ...rest }: SendEmailRun = {},
): Promise<INodeExecutionData[]> {
	const [output = []] = await executeSendEmail(
		executeContext({
			items: [{ json: {} }],
			...rest,
			parameters: { ...parameters, ...changes },
			credential: {
				emailService: 'other',
				useFor: 'outgoing',
				outgoingHost: sink.host,
				outgoingPort: sink.port,
				outgoingSecurity: 'none',
				authentication: 'none',
				primaryAddress: 'support@example.test',
				fromName: 'Support Desk',
				connectionTimeoutMs: 2_000,
				...credential,
			},
		}),
	);
	return output;
}

/** Who may sign in at the sink of `sendToAnn`. */
export const sinkUsers = { 'support@example.test': 'secret' };

/** A short mail to Ann, through a connector that signs in; both as far as `changes` do not say otherwise. */
export async function sendToAnn(
	sink: SmtpSink,
	{ parameters: changes, credential, ...rest }: SendEmailRun = {},
): Promise<INodeExecutionData[]> {
	return await runSendEmail(sink, {
		...rest,
		parameters: { to: 'ann@example.test', subject: 'Hello', text: 'Hello Ann', ...changes },
		credential: {
			authentication: 'userPassword',
			user: 'support@example.test',
			password: 'secret',
			replyTo: 'desk@example.test',
			parallelConnections: 3,
			...credential,
		},
	});
}

export async function receivedMail(sink: SmtpSink, index = 0): Promise<ParsedMail> {
	return await simpleParser(sink.mails[index]?.raw ?? '', { skipTextToHtml: true });
}

/** The error that a run fails with; throws where it does not fail as n8n's nodes do. */
export async function failureOf(
	work: Promise<unknown>,
): Promise<NodeApiError | NodeOperationError> {
	const error: unknown = await work.then(
		() => undefined,
		(thrown: unknown) => thrown,
	);
	if (error instanceof NodeApiError || error instanceof NodeOperationError) return error;
	throw new Error(`It should have failed as n8n's nodes do, but: ${String(error)}`);
}

/** An e-mail as Email Trigger gives it. */
export const receivedItem = {
	messageId: '<2@customer.test>',
	references: ['<1@customer.test>'],
	subject: 'RE: Order 7',
	from: { name: 'Ann', address: 'ann@customer.test' },
	replyTo: [],
	to: [
		{ name: 'Support', address: 'Support@example.test' },
		{ name: '', address: 'bob@customer.test' },
	],
	cc: [{ name: 'Carol', address: 'carol@customer.test' }],
	date: '2026-03-01T10:00:00.000Z',
	text: 'Where is it?\n\nAnn',
	html: '<p>Where <script>alert(1)</script>is it?</p>',
	attachments: [],
	headers: { received: ['a', 'b'] },
};

export function numberedItems(count: number): INodeExecutionData[] {
	return Array.from({ length: count }, (_, index) => ({ json: { index } }));
}

/** Parameters that tell the mails of such items apart. */
export const subjectByNumber = {
	subject: (item: INodeExecutionData) => `Mail ${String(item.json.index)}`,
};
