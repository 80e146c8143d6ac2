import { createRouter } from '../../../mail/routing/router';
import { parseMail, readCorpus, readFacts } from '../../support/parsed-mail';
import { route, rule, settings } from './settings';

function reason(value: string, name: string) {
	const router = createRouter(settings([route({ rules: [rule('calendar', value)] })]));
	const source = readCorpus(name);
	const { matches } = router.decide(parseMail(source).head, { text: '', facts: readFacts(source) });
	return matches[0]?.because.join();
}

describe('A rule on the method of a calendar', () => {
	test.each([
		['request', 'invitation/outlook', 'it is an invitation'],
		['cancel;reply', 'invitation/outlook', undefined],
		['cancel', 'invitation/cancel', 'it is a cancelled invitation'],
		['accepted', 'invitation/reply', 'it is an accepted invitation'],
		['reply', 'invitation/reply', 'it is an answer to an invitation'],
		['declined', 'invitation/reply', undefined],
		['request', 'invitation/hostile', undefined],
		['request', 'signed', undefined],
	])('%s, of %s: %s', (value, name, because) => {
		expect(reason(value, name)).toBe(because);
	});

	test.each(['', 'invite'])('refuses "%s"', (value) => {
		expect(() => reason(value, 'signed')).toThrow(/rule 1: /);
	});
});
