const { appendFileSync } = require('node:fs');

/** Notes when a mail has reached the workflow: the same node behind our trigger and behind n8n's own. */
exports.Recorder = class {
	description = {
		displayName: 'Recorder',
		name: 'recorder',
		group: ['output'],
		version: 1,
		description: 'Appends time and subject of each item to a file',
		defaults: { name: 'Recorder' },
		inputs: ['main'],
		outputs: ['main'],
		properties: [{ displayName: 'File', name: 'file', type: 'string', default: '' }],
	};

	async execute() {
		const now = Date.now();
		const items = this.getInputData();
		const file = this.getNodeParameter('file', 0);
		appendFileSync(file, items.map(({ json }) => `${now} ${json.subject}\n`).join(''));
		return [[]];
	}
};
