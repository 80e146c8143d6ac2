import { until, useScriptedServer } from '../support/real-watch';
import { ScriptedFolder } from '../support/scripted-folder';

const at = useScriptedServer();

describe('5. When UIDVALIDITY changes and UIDs start lower, nothing is lost and nothing repeated', () => {
	it('while the trigger runs', async () => {
		const folder = new ScriptedFolder();
		folder.uidNext = 500;
		const { server, driver } = await at.start(folder.script());
		at.host.watch(driver, { startWith: { kind: 'all' } });
		await server.waitFor('IDLE');
		for (const subject of ['one', 'two']) folder.add(subject);
		server.push('* 2 EXISTS');
		await until(() => folder.seen.length === 2);

		const [one, two] = folder.mails.values();
		folder.mails.clear();
		folder.uidValidity++;
		folder.uidNext = 3;
		// The Message-ID of a scripted mail holds its UID: those of before keep theirs.
		for (const [uid, mail] of [one, two].entries()) {
			if (mail !== undefined) folder.mails.set(uid + 1, { ...mail, position: uid + 1 });
		}
		folder.add('three');
		server.push('* BYE restored from backup');
		await until(() => folder.seen.length === 3);
		expect(at.host.subjects).toEqual(['one', 'two', 'three']);
		// The mark that lets the checkpoint forget the mail comes after the execution.
		await until(() => at.host.checkpoint?.open.length === 0);
		expect(at.host.checkpoint?.uidValidity).toBe('8');
	});
});
