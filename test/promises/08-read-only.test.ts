import type { ImapAnswer } from '../support/imap-server';
import { until, useScriptedServer } from '../support/real-watch';
import { ScriptedFolder } from '../support/scripted-folder';

const at = useScriptedServer();

describe('8. A mailbox that may only be read is watched all the same', () => {
	const readOnly =
		(folder: ScriptedFolder): ImapAnswer =>
		(client, command) => {
			client.write(
				`* ${folder.mails.size} EXISTS`,
				'* OK [UIDVALIDITY 7] v',
				`* OK [UIDNEXT ${folder.uidNext}] n`,
			);
			client.ok(command, '[READ-ONLY] selected');
		};

	it('where the server says so', async () => {
		const folder = new ScriptedFolder();
		const { server, driver } = await at.start(folder.script({ SELECT: readOnly(folder) }));
		at.host.watch(driver);
		await server.waitFor('IDLE');
		folder.add('one');
		server.push('* 1 EXISTS');
		await until(() => at.host.checkpoint?.frontier === 2 && at.host.checkpoint.open.length === 0);
		folder.add('two');
		server.push('* 2 EXISTS');
		await until(() => at.host.given.length === 2);
		expect(at.host.subjects).toEqual(['one', 'two']);
		expect(at.host.warnings.join()).toContain('may only be read');
		expect(server.commands.map(({ name }) => name)).not.toContain('UID STORE');
	});

	it('where the server only refuses the mark, without saying why', async () => {
		const folder = new ScriptedFolder();
		for (const subject of ['one', 'two', 'three']) folder.add(subject);
		const { driver } = await at.start(
			folder.script({ 'UID STORE': (client, command) => client.no(command, 'no') }),
		);
		at.host.watch(driver, { startWith: { kind: 'all' } });
		await until(() => at.host.given.length === 3);
		expect(at.host.subjects).toEqual(['one', 'two', 'three']);
	});
});
