const { appendFileSync } = require('node:fs');
const { setTimeout: pause } = require('node:timers/promises');

/** Notes in a file when each mail's work begins and ends, and by which process: what a kill cuts off has no end. */
exports.QueueRecorder = class {
	description = {
		displayName: 'Queue Recorder',
		name: 'queueRecorder',
		group: ['output'],
		version: 1,
		description: 'Appends a line to a file for each item when its work begins and when it ends',
		defaults: { name: 'Queue Recorder' },
		inputs: ['main'],
		outputs: ['main'],
		properties: [
			{ displayName: 'File', name: 'file', type: 'string', default: '' },
			{ displayName: 'Work Ms', name: 'workMs', type: 'number', default: 0 },
			{ displayName: 'Keeps Data', name: 'keepsData', type: 'boolean', default: false },
		],
	};

	async execute() {
		const items = this.getInputData();
		const file = this.getNodeParameter('file', 0);
		const note = (phase) => {
			const lines = items.map(({ json: { subject, deliveryId, attempt } }) =>
				JSON.stringify({ phase, subject, deliveryId, attempt, pid: process.pid }),
			);
			appendFileSync(file, `${lines.join('\n')}\n`);
		};
		note('start');
		if (this.getNodeParameter('keepsData', 0)) {
			// On a worker this replaces the static data of the whole workflow, the trigger's included.
			this.getWorkflowStaticData('global').executionId = this.getExecutionId();
		}
		await pause(this.getNodeParameter('workMs', 0));
		note('end');
		return [items];
	}
};
