//! Sizes: a file under 600 lines, a Svelte component under 350, a Rust function under 70; and
//! every Rust module says at its top what it is.

use anyhow::Context as _;
use syn::visit::Visit;

use super::exceptions::Exceptions;
use super::tree::SourceFile;

const FILE_LINES_MAX: usize = 600;
const COMPONENT_LINES_MAX: usize = 350;
const FUNCTION_LINES_MAX: usize = 70;

/// Returns everything that is too large and not excused.
pub(crate) fn check(
    files: &[SourceFile],
    exceptions: &mut Exceptions,
) -> anyhow::Result<Vec<String>> {
    let mut breaches = Vec::new();
    for file in files {
        let n_lines = file.text.lines().count();
        let lines_max = if file.is(&[".svelte"]) { COMPONENT_LINES_MAX } else { FILE_LINES_MAX };
        if n_lines > lines_max && !exceptions.excuse(&file.path) {
            breaches.push(format!("{}: {n_lines} lines, above {lines_max}", file.path));
        }
        if !file.is(&[".rs"]) {
            continue;
        }
        let says_what_it_is = file.text.trim_start().starts_with("//!");
        if !says_what_it_is && !file.path.ends_with("build.rs") {
            breaches.push(format!("{}: begins without //!", file.path));
        }
        for (name, n_lines) in
            long_functions(&file.text).with_context(|| format!("parsing {}", file.path))?
        {
            if !exceptions.excuse(&format!("{}::{name}", file.path)) {
                breaches.push(format!(
                    "{}::{name}: {n_lines} lines, above {FUNCTION_LINES_MAX}",
                    file.path
                ));
            }
        }
    }
    Ok(breaches)
}

#[derive(Default)]
struct Functions(Vec<(String, usize)>);

impl Functions {
    fn measure(&mut self, name: &syn::Ident, block: &syn::Block) {
        let n_lines = {
            let braces = block.brace_token.span;
            braces.close().end().line - braces.open().start().line + 1
        };
        if n_lines > FUNCTION_LINES_MAX {
            self.0.push((name.to_string(), n_lines));
        }
    }
}

impl<'ast> Visit<'ast> for Functions {
    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        self.measure(&function.sig.ident, &function.block);
        syn::visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        self.measure(&function.sig.ident, &function.block);
        syn::visit::visit_impl_item_fn(self, function);
    }

    fn visit_trait_item_fn(&mut self, function: &'ast syn::TraitItemFn) {
        if let Some(block) = &function.default {
            self.measure(&function.sig.ident, block);
        }
        syn::visit::visit_trait_item_fn(self, function);
    }
}

fn long_functions(text: &str) -> syn::Result<Vec<(String, usize)>> {
    let file = syn::parse_file(text)?;
    let mut functions = Functions::default();
    functions.visit_file(&file);
    Ok(functions.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_functions_wherever_they_stand() {
        let body = "let x = 1;\n".repeat(FUNCTION_LINES_MAX);
        let text =
            format!("mod a {{ struct S; impl S {{ fn long() {{\n{body}}} fn short() {{}} }} }}");
        let found = long_functions(&text).expect("parses");
        assert_eq!(found.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["long"]);
    }
}
