import type { Execution, N8nClient } from '../../tools/n8n/rest';
import { type CredentialReference, connect, type WorkflowNode } from '../../tools/n8n/workflow';
import { toEnd, toSender } from './n8n-workflow';
import { type SmtpSink, startSmtpSink } from './smtp-sink';

export const SEND = 'Send Email';

const START = 'Start';

/** A mail server and the account there that somebody sends by. */
export interface Door {
	readonly user: string;
	readonly password: string;
	readonly sink: SmtpSink;
}

export async function openDoor(user: string): Promise<Door> {
	const password = `${user.split('@')[0] ?? ''}-password-9q`;
	return { user, password, sink: await startSmtpSink({ users: { [user]: password } }) };
}

/** The fields of a connector to this door, as a credential holds them and as an administrator writes them. */
export function toFields(
	{ user, password, sink }: Door,
	changes: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
	return {
		emailService: 'other',
		useFor: 'outgoing',
		outgoingHost: sink.host,
		outgoingPort: sink.port,
		outgoingSecurity: 'none',
		authentication: 'userPassword',
		user,
		password,
		connectionTimeoutMs: 5_000,
		...changes,
	};
}

/** Runs Send Email by hand. Without connector: the node refers to no credential at all. */
export async function sendOnce(
	client: N8nClient,
	connector: CredentialReference | undefined,
	parameters: WorkflowNode['parameters'] = {},
): Promise<Execution> {
	const { credentials, ...node } = toSender(SEND, connector ?? { id: '', name: '' }, {
		to: 'ann@customer.test',
		subject: 'Hello',
		text: 'Hello Ann',
		...parameters,
	});
	const sender = connector === undefined ? node : { ...node, credentials };
	const start = { ...toEnd(START), type: 'n8n-nodes-base.manualTrigger' };
	const { id } = await client.createWorkflow({
		name: 'Send',
		nodes: [start, sender],
		connections: connect(START, [SEND]),
		settings: { executionOrder: 'v1' },
	});
	return await client.waitForExecution(await client.runManually(id, START));
}
