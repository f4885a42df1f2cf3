// Bundles every src/*.ts and src/*.css into the folder named on the command line, with the typeface beside them.
import { copyFile, mkdir, readdir } from "node:fs/promises";
import { build } from "esbuild";

const out = process.argv[2];
const typeface = "node_modules/@expo-google-fonts/atkinson-hyperlegible-next";
const weights = ["400Regular", "600SemiBold", "700Bold"];

const entries = (await readdir("src")).filter((name) => /^[\w-]+\.(ts|css)$/.test(name));
await build({
  entryPoints: entries.map((name) => `src/${name}`),
  outdir: out,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  legalComments: "external", // licences of what is bundled travel beside it
  external: ["fonts/*"], // @font-face names the files copied below
  logLevel: "warning",
});

await mkdir(`${out}/fonts`, { recursive: true });
for (const weight of weights) {
  const file = `AtkinsonHyperlegibleNext_${weight}.ttf`;
  await copyFile(`${typeface}/${weight}/${file}`, `${out}/fonts/${file}`);
}
await copyFile(`${typeface}/LICENSE_FONT`, `${out}/fonts/LICENSE.txt`);
