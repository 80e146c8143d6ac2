const { appendFileSync } = require('node:fs');
const { setTimeout: pause } = require('node:timers/promises');

/**
 * First and last node of the workflow: appends a line of JSON per item to a file, in one write, so that a killed n8n
 * leaves whole lines. The first then works for as long as its slowest mail asks; the last throws if a mail asks that.
 */
exports.ChaosRecorder = class {
	description = {
		displayName: 'Chaos Recorder',
		name: 'chaosRecorder',
		group: ['output'],
		version: 1,
		description: 'Appends a line for each item to a file',
		defaults: { name: 'Chaos Recorder' },
		inputs: ['main'],
		outputs: ['main'],
		properties: [
			{ displayName: 'File', name: 'file', type: 'string', default: '' },
			{ displayName: 'Phase', name: 'phase', type: 'string', default: '' },
			{ displayName: 'Work Ms', name: 'workMs', type: 'number', default: 0 },
		],
	};

	async execute() {
		const items = this.getInputData();
		const phase = this.getNodeParameter('phase', 0);
		const executionId = this.getExecutionId();
		const t = Date.now();
		const lines = items.map((item) => {
			const { deliveryId, attempt, route, error } = item.json;
			const problem = error?.message;
			const id = findId(item);
			return `${JSON.stringify({ t, phase, id, executionId, deliveryId, attempt, route, problem })}\n`;
		});
		appendFileSync(this.getNodeParameter('file', 0), lines.join(''));

		const header = (item, name) => item.json.headers?.[name];
		if (phase === 'start') {
			const asked = items.map((item) => Number(header(item, 'x-chaos-work') ?? 0));
			await pause(Math.max(this.getNodeParameter('workMs', 0), ...asked));
		}
		if (phase === 'end' && items.some((item) => header(item, 'x-chaos-fails') !== undefined)) {
			throw new Error('This mail makes the workflow fail.');
		}
		return [items];
	}
};

/** A mail that could not be read has its id in the raw source at most. */
function findId({ json, binary }) {
	const header = json.headers?.['x-chaos-id'];
	if (typeof header === 'string') return header;
	const pattern = /chaos-\d+-\d+/;
	const inSubject = pattern.exec(String(json.subject ?? ''));
	if (inSubject !== null) return inSubject[0];
	for (const { data } of Object.values(binary ?? {})) {
		const text = Buffer.from(String(data).slice(0, 100_000), 'base64').toString('latin1');
		const found = pattern.exec(text);
		if (found !== null) return found[0];
	}
	return null;
}
