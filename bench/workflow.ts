import {
	connect,
	type CredentialReference,
	type Workflow,
	type WorkflowNode,
} from '../tools/n8n/workflow';

export type Side = 'ours' | 'builtIn';

const PACKAGE = 'n8n-nodes-email-connectors';

/** Trigger -> Recorder; both triggers mark as read and give simplified items with their attachments. */
export function toReceiving(
	side: Side,
	credential: CredentialReference,
	recordFile: string,
	parameters: Readonly<Record<string, unknown>> = {},
): Workflow {
	const trigger = {
		id: 'trigger',
		name: 'Trigger',
		position: [0, 0],
		...toTrigger(side, credential, parameters),
	} as const;
	const recorder: WorkflowNode = {
		id: 'recorder',
		name: 'Recorder',
		type: 'n8n-nodes-bench-recorder.recorder',
		typeVersion: 1,
		position: [300, 0],
		parameters: { file: recordFile },
	};
	return {
		name: `${side} receiving ${recordFile}`,
		nodes: [trigger, recorder],
		connections: connect('Trigger', ['Recorder']),
		settings: { executionOrder: 'v1' },
	};
}

/** Marks as read and gives simplified items with their attachments, as `toReceiving` has it on both sides. */
export function toTrigger(
	side: Side,
	credential: CredentialReference,
	parameters: Readonly<Record<string, unknown>> = {},
): Pick<WorkflowNode, 'type' | 'typeVersion' | 'parameters' | 'credentials'> {
	if (side === 'ours') {
		return {
			type: `${PACKAGE}.emailTrigger`,
			typeVersion: 1,
			parameters: { folder: { __rl: true, mode: 'path', value: 'INBOX' }, ...parameters },
			credentials: { smtpImapApi: credential },
		};
	}
	return {
		type: 'n8n-nodes-base.emailReadImap',
		typeVersion: 2.1,
		parameters: { format: 'simple', downloadAttachments: true, options: {} },
		credentials: { imap: credential },
	};
}

/** Webhook -> Split Out -> send node; without a send node for the cost of n8n itself. */
export function toSending(
	path: string,
	send: Pick<WorkflowNode, 'type' | 'typeVersion' | 'parameters' | 'credentials'>,
	splitOptions: Readonly<Record<string, unknown>> = {},
): Workflow {
	const nodes: WorkflowNode[] = [
		{
			id: 'webhook',
			name: 'Webhook',
			type: 'n8n-nodes-base.webhook',
			typeVersion: 2,
			position: [0, 0],
			parameters: { httpMethod: 'POST', path, responseMode: 'lastNode', options: {} },
		},
		{
			id: 'split',
			name: 'Split Out',
			type: 'n8n-nodes-base.splitOut',
			typeVersion: 1,
			position: [200, 0],
			parameters: { fieldToSplitOut: 'body.mails', options: splitOptions },
		},
		{ id: 'send', name: 'Send', position: [400, 0], ...send },
	];
	return {
		name: `sending ${path}`,
		nodes,
		connections: { ...connect('Webhook', ['Split Out']), ...connect('Split Out', ['Send']) },
		settings: { executionOrder: 'v1' },
	};
}
