import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { packProject } from '../../tools/n8n/pack';
import {
	connect,
	type CredentialReference,
	type Workflow,
	type WorkflowNode,
} from '../../tools/n8n/workflow';
import { TRIGGER, toTrigger } from './n8n-workflow';

const line = z.object({
	phase: z.enum(['start', 'end']),
	subject: z.string(),
	deliveryId: z.string(),
	attempt: z.number(),
	pid: z.number(),
});

/** A mail at the beginning or the end of an execution's work, and the worker that did it. */
export type WorkLine = z.infer<typeof line>;

/** The package with the recorder node, packed. Returns the tarball's path. */
export async function packQueueRecorder(folder: string): Promise<string> {
	const projectFolder = join(__dirname, 'queue-recorder');
	return await packProject({ projectFolder, folder, asPublished: false });
}

/** What the recorder has written so far, oldest first. */
export function readWork(file: string): WorkLine[] {
	if (!existsSync(file)) return [];
	const lines = readFileSync(file, 'utf8').split('\n');
	return lines.filter((text) => text !== '').map((text) => line.parse(JSON.parse(text)));
}

export interface RecordedWork {
	readonly file: string;
	/** How long each execution takes. */
	readonly workMs: number;
	/** The recorder also writes static data. */
	readonly keepsData?: boolean;
	readonly trigger?: WorkflowNode['parameters'];
}

/** Email Trigger -> recorder, whichever output a mail leaves by. */
export function toRecordedWork(connector: CredentialReference, work: RecordedWork): Workflow {
	const { file, workMs, keepsData = false, trigger } = work;
	const recorder: WorkflowNode = {
		id: 'recorder',
		name: 'Recorder',
		type: 'n8n-nodes-queue-recorder.queueRecorder',
		typeVersion: 1,
		position: [300, 0],
		parameters: { file, workMs, keepsData },
	};
	return {
		name: `Recorded ${file}`,
		nodes: [toTrigger(connector, trigger), recorder],
		connections: connect(TRIGGER, [recorder.name], [recorder.name]),
		settings: { executionOrder: 'v1' },
	};
}
