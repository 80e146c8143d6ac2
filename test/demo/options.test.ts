import { toOptions } from '../../demo/options';

describe('the options of the demo', () => {
	it('stays open on the default n8n unless told otherwise', () => {
		expect(toOptions([])).toEqual({ once: false, n8nVersion: undefined });
	});

	it('takes another n8n by its version', () => {
		expect(toOptions(['--once', '--n8n', '2.8.4'])).toEqual({ once: true, n8nVersion: '2.8.4' });
	});

	it('names an argument that it does not know', () => {
		expect(() => toOptions(['--twice'])).toThrow('--twice');
	});
});
