import {
	connect,
	type CredentialReference,
	type Workflow,
	type WorkflowNode,
} from '../tools/n8n/workflow';

type Trigger = Pick<WorkflowNode, 'type' | 'typeVersion' | 'parameters' | 'credentials'>;

/** Outputs that the trigger may have: a route, the fallback, and the one for mail that cannot be read. */
const OUTPUTS = 3;

/**
 * Trigger, every output -> Start (records, works) -> End (records).
 *
 * @param workMs how long each execution takes at least; mails may ask for more
 */
export function toRecordedWorkflow(trigger: Trigger, recordFile: string, workMs = 0): Workflow {
	const recorder = (name: string, phase: string, x: number, ms: number): WorkflowNode => ({
		id: phase,
		name,
		type: 'n8n-nodes-chaos-recorder.chaosRecorder',
		typeVersion: 1,
		position: [x, 0],
		parameters: { file: recordFile, phase, workMs: ms },
	});
	return {
		name: `Recorded ${recordFile}`,
		nodes: [
			{ id: 'trigger', name: 'Trigger', position: [0, 0], ...trigger },
			recorder('Start', 'start', 300, workMs),
			recorder('End', 'end', 600, 0),
		],
		connections: {
			...connect('Trigger', ...Array.from({ length: OUTPUTS }, () => ['Start'])),
			...connect('Start', ['End']),
		},
		settings: { executionOrder: 'v1' },
	};
}

/** All mail from the beginning; a route takes what is addressed to the user, the fallback the rest. */
export function toTrigger(
	credential: CredentialReference,
	user: string,
	emailsPerExecution: 'automatic' | 'one',
): Trigger {
	return {
		type: 'n8n-nodes-email-connectors.emailTrigger',
		typeVersion: 1,
		parameters: {
			folder: { __rl: true, mode: 'path', value: 'INBOX' },
			startWith: 'all',
			afterProcessing: 'markRead',
			routes: { route: [{ name: 'Orders', recipientAddress: user }] },
			options: { emailsPerExecution },
		},
		credentials: { smtpImapApi: credential },
	};
}
