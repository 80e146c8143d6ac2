import {
	type CredentialReference,
	type Workflow,
	type WorkflowNode,
	connect,
} from '../../tools/n8n/workflow';

const PACKAGE = 'n8n-nodes-email-connectors';

export const TRIGGER = 'Email Trigger';

/** An Email Trigger on INBOX; `parameters` replace the defaults. */
export function toTrigger(
	connector: CredentialReference,
	parameters: WorkflowNode['parameters'] = {},
): WorkflowNode {
	return {
		id: 'trigger',
		name: TRIGGER,
		type: `${PACKAGE}.emailTrigger`,
		typeVersion: 1,
		position: [0, 0],
		parameters: {
			folder: { __rl: true, mode: 'list', value: 'INBOX', cachedResultName: 'INBOX' },
			startWith: 'unread',
			...parameters,
		},
		credentials: { smtpImapApi: connector },
	};
}

/** A Send Email node behind others. */
export function toSender(
	name: string,
	connector: CredentialReference,
	parameters: WorkflowNode['parameters'],
	onError?: WorkflowNode['onError'],
): WorkflowNode {
	return {
		id: name,
		name,
		type: `${PACKAGE}.sendEmail`,
		typeVersion: 1,
		position: [400, 0],
		parameters,
		credentials: { smtpImapApi: connector },
		...(onError === undefined ? {} : { onError }),
	};
}

/** A Mailbox node behind others. */
export function toMailbox(
	name: string,
	connector: CredentialReference,
	parameters: WorkflowNode['parameters'],
): WorkflowNode {
	return {
		id: name,
		name,
		type: `${PACKAGE}.mailbox`,
		typeVersion: 1,
		position: [400, 0],
		parameters,
		credentials: { smtpImapApi: connector },
	};
}

/** A node that passes its items on: the end of a branch that a test looks at. */
export function toEnd(name: string, row = 0): WorkflowNode {
	return {
		id: name,
		name,
		type: 'n8n-nodes-base.noOp',
		typeVersion: 1,
		position: [400, row * 160],
		parameters: {},
	};
}

/** A trigger whose outputs each lead to an end of the name given. */
export function toBranches(trigger: WorkflowNode, ends: readonly string[]): Workflow {
	return {
		name: `Branches ${ends.join(', ')}`,
		nodes: [trigger, ...ends.map(toEnd)],
		connections: connect(trigger.name, ...ends.map((end) => [end])),
		settings: { executionOrder: 'v1' },
	};
}
