import { DEFAULT_N8N_VERSION, findRelease, n8nReleases } from '../../../tools/n8n/release';

describe('the releases of n8n that can be installed', () => {
	it('holds each version once, the default among them', () => {
		const versions = n8nReleases.map(({ version }) => version);
		expect(new Set(versions).size).toBe(versions.length);
		expect(versions).toContain(DEFAULT_N8N_VERSION);
	});

	it('names the known versions when asked for another', () => {
		expect(() => findRelease('0.1.0')).toThrow(
			/^No recipe to install n8n 0\.1\.0\. Known versions: 2\.41\.1, /,
		);
	});
});
