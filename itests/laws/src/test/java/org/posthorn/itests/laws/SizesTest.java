package org.posthorn.itests.laws;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BiFunction;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** Small files, small functions, small services. */
class SizesTest {

    private record Function(String where, int lines) {}

    @Test
    void files_are_small() throws IOException {
        List<Integer> sizes = new ArrayList<>();
        List<String> large = new ArrayList<>();
        for (Path file : Tree.mainJava()) {
            if (file.endsWith("package-info.java")) continue;
            int lines = Files.readAllLines(file).size();
            sizes.add(lines);
            if (lines > 500) large.add(Tree.relative(file) + " " + lines);
        }
        assertThat(large).isEmpty();
        assertThat(percentile(sizes, 50)).as("median of lines a file").isLessThanOrEqualTo(80);
        assertThat(percentile(sizes, 90)).as("nine files of ten").isLessThanOrEqualTo(220);
    }

    @Test
    void functions_are_small() throws IOException {
        List<Function> functions = functions();
        List<Integer> sizes = functions.stream().map(Function::lines).toList();
        assertThat(functions).filteredOn(f -> f.lines() > 60).isEmpty();
        assertThat(percentile(sizes, 50)).as("median of lines a function").isLessThanOrEqualTo(6);
        assertThat(percentile(sizes, 90)).as("nine functions of ten").isLessThanOrEqualTo(18);
    }

    @Test
    void services_have_nine_methods_at_most() throws IOException {
        List<String> wide = new ArrayList<>();
        scan(
                Tree.files(Tree.ROOT.resolve("bundles/api/src/main/java"), ".java"),
                (unit, positions) -> new TreeScanner<>() {
                    @Override
                    public Void visitClass(ClassTree type, Void nothing) {
                        long methods = type.getMembers().stream()
                                .filter(SizesTest::isOffered)
                                .count();
                        if (type.getKind() == com.sun.source.tree.Tree.Kind.INTERFACE && methods > 9)
                            wide.add(type.getSimpleName() + " " + methods);
                        return super.visitClass(type, nothing);
                    }
                });
        assertThat(wide).isEmpty();
    }

    private static boolean isOffered(com.sun.source.tree.Tree member) {
        return member instanceof MethodTree method
                && !method.getModifiers().getFlags().contains(Modifier.STATIC);
    }

    private static int percentile(List<Integer> sizes, int percent) {
        List<Integer> sorted = new ArrayList<>(sizes);
        Collections.sort(sorted);
        return sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100));
    }

    /** Lines from the brace that opens a body to the one that closes it. */
    private static List<Function> functions() throws IOException {
        List<Function> functions = new ArrayList<>();
        scan(Tree.mainJava(), (unit, positions) -> new TreeScanner<>() {
            @Override
            public Void visitMethod(MethodTree method, Void nothing) {
                if (method.getBody() != null) functions.add(function(unit, method, positions));
                return super.visitMethod(method, nothing);
            }
        });
        return functions;
    }

    private static void scan(
            List<Path> sources, BiFunction<CompilationUnitTree, SourcePositions, TreeScanner<Void, Void>> scanner)
            throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null, files, d -> {}, List.of("-proc:none"), null, files.getJavaFileObjectsFromPaths(sources));
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree unit : task.parse())
                scanner.apply(unit, positions).scan(unit, null);
        }
    }

    private static Function function(CompilationUnitTree unit, MethodTree method, SourcePositions positions) {
        long first = unit.getLineMap().getLineNumber(positions.getStartPosition(unit, method.getBody()));
        long last = unit.getLineMap().getLineNumber(positions.getEndPosition(unit, method.getBody()));
        String where = Tree.relative(Path.of(unit.getSourceFile().toUri())) + ":" + first + " " + method.getName();
        return new Function(where, (int) (last - first + 1));
    }
}
