import { defaultTiming } from '../../mail/drivers/imap/timing';
import type { ImapAnswer } from '../support/imap-server';
import { until, useScriptedServer } from '../support/real-watch';
import { ScriptedFolder } from '../support/scripted-folder';

const at = useScriptedServer();
const silent: ImapAnswer = () => undefined;

describe('14. Deactivation while the server hangs takes under two seconds, and no listener stays behind', () => {
	it.each([
		'CAPABILITY',
		'LOGIN',
		'SELECT',
		'UID SEARCH',
		'UID FETCH',
		'UID STORE',
		'IDLE',
		'DONE',
	])('in %s', async (name) => {
		const folder = new ScriptedFolder();
		folder.add('order');
		// With patient timing: nothing but the stop ends it.
		const { server, driver } = await at.start(
			folder.script({ LOGOUT: silent, [name]: silent }),
			defaultTiming,
		);
		const watch = at.host.watch(driver, { startWith: { kind: 'all' } });
		await server.waitFor(name === 'DONE' ? 'IDLE' : name);
		const given = at.host.given.length;

		const from = performance.now();
		await watch.stop();
		expect(performance.now() - from).toBeLessThan(2_000);
		await until(() => server.connections === 0, 2_500);
		const { length } = server.commands;
		folder.add('late');
		server.push('* 2 EXISTS');
		await new Promise((resolve) => setTimeout(resolve, 300));
		expect(server.commands).toHaveLength(length);
		expect(at.host.given).toHaveLength(given);
	});
});
