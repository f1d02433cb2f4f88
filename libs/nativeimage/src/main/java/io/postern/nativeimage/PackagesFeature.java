package io.postern.nativeimage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.util.List;
import java.util.function.Consumer;
import org.graalvm.nativeimage.ImageSingletons;
import org.graalvm.nativeimage.Platform;
import org.graalvm.nativeimage.hosted.Feature;
import org.graalvm.nativeimage.hosted.RuntimeClassInitialization;
import org.graalvm.nativeimage.hosted.RuntimeJNIAccess;
import org.graalvm.nativeimage.hosted.RuntimeReflection;
import org.graalvm.nativeimage.hosted.RuntimeResourceAccess;

/** Carries out the lists. A library's next version brings other classes, and no list of names goes stale. */
public final class PackagesFeature implements Feature {
    @Override
    public String getDescription() {
        return "Postern: keeps what libraries look up by name";
    }

    @Override
    public void afterRegistration(AfterRegistrationAccess access) {
        ClassNames classes = classes(access.getApplicationClassPath());
        for (String prefix : list(access).names(KeepList.Verb.RUNTIME)) {
            classes.beginning(prefix).forEach(RuntimeClassInitialization::initializeAtRunTime);
        }
    }

    @Override
    public void beforeAnalysis(BeforeAnalysisAccess access) {
        ClassNames classes = classes(access.getApplicationClassPath());
        KeepList list = list(access);
        for (String prefix : list.names(KeepList.Verb.JNI)) {
            each(access, classes.beginning(prefix), PackagesFeature::jni);
        }
        for (String prefix : list.names(KeepList.Verb.REFLECT)) {
            each(access, classes.beginning(prefix), PackagesFeature::reflect);
        }
        for (String prefix : list.names(KeepList.Verb.BODY)) {
            each(access, classes.beginning(prefix), PackagesFeature::body);
        }
        Module application = access.getApplicationClassLoader().getUnnamedModule();
        String machine = ImageSingletons.lookup(Platform.class).getArchitecture();
        list.names(KeepList.Verb.RESOURCE).stream()
                .filter(name -> KeepList.isOf(machine, name))
                .forEach(name -> RuntimeResourceAccess.addResource(application, name));
    }

    private static KeepList list(FeatureAccess access) {
        try {
            return KeepList.read(access.getApplicationClassLoader());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ClassNames classes(List<java.nio.file.Path> path) {
        try {
            return new ClassNames(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Classes whose optional neighbours are not there are nobody's to look up. */
    private static void each(FeatureAccess access, List<String> names, Consumer<Class<?>> keep) {
        for (String name : names) {
            try {
                Class<?> type = access.findClassByName(name);
                if (type != null) {
                    keep.accept(type);
                }
            } catch (LinkageError e) {
                System.out.println("Postern: left out, for it does not link: " + name);
            }
        }
    }

    private static void jni(Class<?> type) {
        Executable[] methods = type.getDeclaredMethods();
        Executable[] constructors = type.getDeclaredConstructors();
        Field[] fields = type.getDeclaredFields();
        RuntimeJNIAccess.register(type);
        RuntimeJNIAccess.register(methods);
        RuntimeJNIAccess.register(constructors);
        RuntimeJNIAccess.register(fields);
    }

    /** Bodies are records and the enums in them; beans and what is generated for them nobody looks up. */
    private static void body(Class<?> type) {
        if (type.isRecord() || type.isEnum()) {
            reflect(type);
        }
    }

    private static void reflect(Class<?> type) {
        Executable[] methods = type.getDeclaredMethods();
        Executable[] constructors = type.getDeclaredConstructors();
        Field[] fields = type.getDeclaredFields();
        RuntimeReflection.register(type);
        RuntimeReflection.register(methods);
        RuntimeReflection.register(constructors);
        RuntimeReflection.register(fields);
    }
}
