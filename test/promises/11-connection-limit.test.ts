import { shareMailbox } from '../../mail/inbox/shared-mailbox';
import { until, useScriptedServer } from '../support/real-watch';
import { ScriptedFolder } from '../support/scripted-folder';

const at = useScriptedServer();

describe('11. Several triggers on one mailbox get every mail, though the server allows two connections', () => {
	it('five triggers need one', async () => {
		const folder = new ScriptedFolder();
		let signIns = 0;
		const { server, driver } = await at.start(
			folder.script({
				LOGIN: (client, command) =>
					++signIns > 2 ? client.no(command, '[LIMIT] two are enough') : client.ok(command),
			}),
		);
		const triggers = [1, 2, 3, 4, 5].map((number) => `trigger ${number} of promise 11`);
		for (const watchKey of triggers) {
			at.host.watch(shareMailbox('promise 11', driver), {
				watchKey,
				afterProcessing: { kind: 'nothing' },
				startWith: { kind: 'all' },
			});
		}
		await server.waitFor('IDLE');
		for (const subject of ['one', 'two']) folder.add(subject);
		server.push('* 2 EXISTS');
		await until(() => at.host.given.length === 10);
		expect([...at.host.subjects].sort()).toEqual([
			...Array.from({ length: 5 }, () => 'one'),
			...Array.from({ length: 5 }, () => 'two'),
		]);
		expect(signIns).toBe(1);
	});
});
