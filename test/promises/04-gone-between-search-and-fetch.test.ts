import { until, useScriptedServer } from '../support/real-watch';
import { ScriptedFolder } from '../support/scripted-folder';

const at = useScriptedServer();
const settings = { startWith: { kind: 'all' }, messagesPerExecution: 20 } as const;

describe('4. A mail that is expunged between SEARCH and FETCH disturbs no other', () => {
	it.each([
		['before the heads are fetched', /ENVELOPE/],
		['between the heads and the bodies', /BODY\.PEEK\[TEXT\]/],
	])('%s', async (_title, request) => {
		const folder = new ScriptedFolder();
		for (const subject of ['one', 'gone', 'three']) folder.add(subject);
		let isThere = true;
		const { driver } = await at.start(
			folder.script({
				'UID FETCH': (client, command) => {
					if (isThere && request.test(command.args)) {
						isThere = false;
						folder.mails.delete(2);
						client.write('* 2 EXPUNGE');
					}
					folder.fetch(client, command);
				},
			}),
		);
		at.host.watch(driver, settings);
		await until(() => folder.seen.length === 2);
		await until(() => at.host.checkpoint?.open.length === 0);
		expect(at.host.subjects).toEqual(['one', 'three']);
		expect(at.host.warnings).toEqual([]);
	});
});
